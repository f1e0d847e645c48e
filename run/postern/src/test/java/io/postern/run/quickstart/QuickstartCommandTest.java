package io.postern.run.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class QuickstartCommandTest {
    private static QuickstartOptions parse(String... args) {
        var command = new QuickstartCommand();
        new CommandLine(command).parseArgs(args);
        return command.options();
    }

    @Test
    void needsNoOptions() {
        QuickstartOptions options = parse("--data", "/tmp/x");
        assertEquals(new HostPort("127.0.0.1", 8443), options.listen());
        assertTrue(options.demo() && options.connector());
        assertFalse(options.json());
        assertTrue(options.apps().isEmpty());
    }

    @Test
    void takesEveryOption() {
        QuickstartOptions options = parse(
                "--publish",
                "wiki=http://127.0.0.1:9000/",
                "--publish",
                "docs=https://docs.corp/handbook",
                "--data=/tmp/x",
                "--listen",
                "127.0.0.1:0",
                "--no-demo",
                "--no-connector",
                "--json");
        assertEquals(2, options.apps().size());
        assertEquals(
                "https://docs.corp/handbook/",
                options.apps().get(1).internalUrl().toString());
        assertEquals(Path.of("/tmp/x"), options.data());
        assertEquals(0, options.listen().port());
        assertFalse(options.demo() || options.connector());
        assertTrue(options.json());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--publish wiki                                                 | is not NAME=URL",
                "--publish =http://x/                                           | is not NAME=URL",
                "--publish a.b=http://x/                                        | the name 'a.b'",
                "--publish wiki=htp://x/                                        | http or https",
                "--publish wiki=http:/x                                         | must look like",
                "--publish wiki=http://a/ --publish WIKI=http://b/              | twice",
                "--publish sense=http://a/                                      | is the demo application",
                "--listen 8443                                                  | is not HOST:PORT",
                "--listen 192.0.2.1:8443                                        | would not answer at 127.0.0.1",
                "--connector-config /nowhere/at/all                             | cannot be read",
            })
    void refusesWhatCannotBeMeantNamingIt(String line, String expected) {
        String[] args = Arrays.stream(line.strip().split(" +")).toArray(String[]::new);
        String told = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> parse(args)).getMessage());
        assertTrue(told.contains(expected), told);
    }
}
