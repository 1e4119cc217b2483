return await RealtimeHub.Bench.BenchCommandLine.RunAsync(args);
