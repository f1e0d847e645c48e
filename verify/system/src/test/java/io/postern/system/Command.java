package io.postern.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program run to its end.
final class Command {
    private static final int SECONDS_MAX = 120;

    private final Map<String, String> environment;

    private Command(Map<String, String> environment) {
        this.environment = environment;
    }

    record Result(int exit, String output, String errors) {
        String expectSuccess() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\n" + output + errors);
            }
            return output;
        }
    }

    static Command in(Map<String, String> environment) {
        return new Command(environment);
    }

    static Result of(String... command) {
        return in(Map.of()).run(command);
    }

    Result run(String... command) {
        return runWith("", command);
    }

    Result runWith(String input, String... command) {
        try {
            var builder = new ProcessBuilder(List.of(command));
            builder.environment().put("POSTERN_NO_BUILD", "1");
            builder.environment().putAll(environment);
            Process process = builder.start();
            var errors = new StringBuilder();
            Thread reader = Thread.ofPlatform().daemon().start(() -> {
                try {
                    errors.append(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    errors.append(e.getMessage());
                }
            });
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + SECONDS_MAX + " s: " + String.join(" ", command));
            }
            reader.join();
            return new Result(process.exitValue(), output, errors.toString());
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command[0] + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
