package io.postern.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandLineTest {
    private record Result(int status, String out, String err) {}

    private static Result run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(args);
        return new Result(status, out.toString(), err.toString());
    }

    /// The names of all commands, those of groups too.
    static Stream<String> commands() {
        return below("", Main.commandLine());
    }

    private static Stream<String> below(String path, CommandLine line) {
        return line.getSubcommands().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("help"))
                .flatMap(entry -> Stream.concat(
                        Stream.of((path + " " + entry.getKey()).strip()),
                        below(path + " " + entry.getKey(), entry.getValue())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItself(String command) {
        Result result = run((command + " --help").split(" "));
        assertEquals(0, result.status());
        assertTrue(result.out().startsWith("Usage: postern " + command), result.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "quickstrat                 | Did you mean quickstart",
                "app pubish                 | Did you mean publish",
                "app publish --nmae wiki    | Unknown options: '--nmae'",
                "quickstart --jsno          | Did you mean --json?",
                "app publish --name x --internal-url http://x/ --preauth no | expected one of [POSTERN, PASSTHROUGH]",
                "app assign wiki            | say who",
                "service                    | Missing required option: '--config=FILE'",
            })
    void aWrongCommandLineEndsWithTwoAndAHint(String line, String hint) {
        Result result = run(line.strip().split(" +"));
        assertEquals(2, result.status());
        assertTrue(result.err().contains(hint), result.err());
        assertTrue(result.err().contains("--help"), result.err());
    }

    @Test
    void aFailureIsOneSentenceWithoutAStackTrace(@TempDir Path folder) {
        Result result = run("app", "list", "--data", folder.toString());
        assertEquals(1, result.status());
        assertEquals(1, result.err().lines().count(), result.err());
        assertFalse(result.err().contains("Exception"));
    }

    @Test
    void aBrokenConfigurationIsToldFaultByFault(@TempDir Path folder) throws Exception {
        Path file = java.nio.file.Files.writeString(folder.resolve("postern.yaml"), "listen: x\nbase: y\n");
        Result result = run("service", "--config", file.toString());
        assertEquals(1, result.status());
        assertTrue(result.err().contains("'base-domain' is missing"), result.err());
        assertTrue(result.err().contains("unknown key 'base'"), result.err());
    }
}
