/** Above every page: what could not be asked of the hub. */
export const failed = document.getElementById("failed") as HTMLElement;
