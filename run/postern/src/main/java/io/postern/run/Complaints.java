package io.postern.run;

import io.postern.base.config.ConfigFault;
import io.postern.pki.PkiFault;
import io.postern.run.service.Rooms;
import io.postern.store.StoreUnavailable;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// What a person reads when a command fails: one sentence with the remedy, on standard error.
final class Complaints {
    private Complaints() {}

    static int aboutCommandLine(ParameterException fault, String[] args) {
        CommandLine command = fault.getCommandLine();
        PrintWriter err = command.getErr();
        List<String> unmatched = command.getUnmatchedArguments();
        // a mistyped option is reported as a missing one too; what was mistyped is the better hint
        var told = unmatched.isEmpty() ? fault : new UnmatchedArgumentException(command, unmatched);
        err.println("postern: " + told.getMessage());
        if (told instanceof UnmatchedArgumentException unknown
                && !unknown.getSuggestions().isEmpty()) {
            err.println("Did you mean " + String.join(" or ", unknown.getSuggestions()) + "?");
        }
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }

    static int aboutFailure(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        switch (failure) {
            case ConfigFault fault ->
                String.valueOf(fault.getMessage()).lines().forEach(line -> err.println("postern: " + line));
            case Fault fault -> err.println("postern: " + fault.getMessage());
            case StoreUnavailable fault -> err.println("postern: " + fault.getMessage());
            case PkiFault fault -> err.println("postern: " + fault.getMessage());
            case Rooms.StopAsked asked -> {} // by whoever sent the signal: nothing to explain to them
            default -> {
                err.println("postern: stopped by a fault of its own: " + failure
                        + "; please report it with what POSTERN_DEBUG=1 shows in addition");
                if (System.getenv("POSTERN_DEBUG") != null) {
                    failure.printStackTrace(err);
                }
            }
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }
}
