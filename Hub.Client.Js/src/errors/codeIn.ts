const codeAndSentence = /(?:^|HubException: )([a-z]+(?:_[a-z]+)*): (.+)$/s;

/** The hub's code and sentence in a text, ahead of which the stock client may have put words of its own; nothing if they are not there. */
export function codeIn(text: string): readonly [code: string | undefined, sentence: string | undefined] {
  const [, code, sentence] = codeAndSentence.exec(text) ?? [];
  return [code, sentence];
}
