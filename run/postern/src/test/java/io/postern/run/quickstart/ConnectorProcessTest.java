package io.postern.run.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// Which ends of a connector another start would mend. The launcher is a script that notes its starts and ends as told.
class ConnectorProcessTest {
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConnectorProcess.class);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void forget() {
        logger.detachAppender(said);
        System.clearProperty("postern.launcher");
    }

    private ConnectorProcess thatEndsWith(int status) throws IOException {
        Path script = folder.resolve("launcher");
        Files.writeString(script, """
                #!/bin/sh
                echo started >> '%s'
                read word
                echo 'my last words'
                exit %d
                """.formatted(folder.resolve("starts"), status));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        System.setProperty("postern.launcher", script.toString());
        ConnectorProcess connector = ConnectorProcess.start("https://connect.test", folder, Optional.empty());
        connector.letGo(Optional::empty);
        return connector;
    }

    private long starts() throws IOException {
        return Files.readAllLines(folder.resolve("starts")).size();
    }

    private boolean isSaid(String words) {
        return said.list.stream().anyMatch(line -> line.getFormattedMessage().contains(words));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within 20 s");
            LockSupport.parkNanos(10_000_000);
        }
    }

    /// 2 usage, 3 refused, 4 data folder, 6 expired (exit codes of the connector).
    @ParameterizedTest
    @CsvSource({
        "2, my last words",
        "3, my last words",
        "4, my last words",
        "6, start it again with the same --data: it registers the connector anew"
    })
    void isNotStartedAgainWhereThatMendsNothingAndTheLogSaysWhatDoes(int status, String remedy) throws Exception {
        try (ConnectorProcess connector = thatEndsWith(status)) {
            await(() -> isSaid(remedy));

            assertTrue(connector.isUseless());
            assertFalse(isSaid("it is started again"));
            assertEquals(1, starts());
        }
    }

    @Test
    void isStartedAgainAfterAnUnforeseenEnd() throws Exception {
        try (ConnectorProcess connector = thatEndsWith(1)) {
            await(() -> said.list.size() >= 2);

            assertFalse(connector.isUseless());
            assertTrue(isSaid("ended with status 1; it is started again"));
            assertTrue(starts() >= 2);
        }
    }
}
