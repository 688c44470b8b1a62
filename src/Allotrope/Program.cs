using Allotrope.Commands;

using var signals = new Signals();
return await AllotCommand.RunAsync(args, Console.Out, Console.Error, signals.Stop);
