package io.postern.connector.enroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes in one data folder only where one parent holds it for both.
class SharedFolderTest {
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    Path folder;

    @Test
    void aChildOfTheHolderComesIn() {
        try (var held = DataFolder.open(folder);
                var first = DataFolder.openUnder(SELF, folder);
                var second = DataFolder.openUnder(SELF, folder)) {
            assertEquals(Optional.empty(), held.identity());
            assertEquals(Optional.empty(), first.identity());
            assertEquals(Optional.empty(), second.identity());
        }
    }

    @Test
    void nobodyElsesChildComesIn() {
        try (var held = DataFolder.open(folder)) {
            var fault = assertThrows(ConnectorFault.class, () -> DataFolder.openUnder(SELF + 1, folder));

            assertEquals(Kind.DATA, fault.kind());
            assertTrue(String.valueOf(fault.getMessage()).contains("not held by the process"), fault.getMessage());
            assertEquals(Optional.empty(), held.identity());
        }
    }

    @Test
    void nobodyComesInWhereTheHolderHasGone() {
        DataFolder.open(folder).close();

        assertThrows(ConnectorFault.class, () -> DataFolder.openUnder(SELF, folder));
    }
}
