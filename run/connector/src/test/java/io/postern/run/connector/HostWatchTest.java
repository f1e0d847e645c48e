package io.postern.run.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.tunnel.ConnectorStatus.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostWatchTest {
    @TempDir
    Path proc;

    private void write(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void readsWhatTheSystemTells() throws IOException {
        write("meminfo", "MemTotal:       8000 kB\nMemFree: 1 kB\nMemAvailable:   5000 kB\n");
        write("stat", "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 1 1 1\n");
        write("self/stat", "7 (a (b) c) S 1 1 1 0 -1 0 0 0 0 0 30 20 0 0 20 0 9 0\n");
        write("self/status", "Name:\tjava\nVmRSS:\t  104 kB\n");
        write(
                "self/limits",
                "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024        4096       files\n");
        for (int i = 0; i < 5; i++) {
            write("self/fd/" + i, "");
        }

        try (HostWatch watch = HostWatch.start(proc)) {
            Host host = watch.latest();

            assertEquals(OptionalLong.of(8_000 << 10), host.memoryBytes());
            assertEquals(OptionalLong.of(5_000 << 10), host.memoryAvailableBytes());
            assertEquals(OptionalLong.of(104 << 10), host.residentBytes());
            assertEquals(OptionalLong.of(4), host.openFiles(), "without the folder that is being read");
            assertEquals(OptionalLong.of(1_024), host.openFilesMax());
            assertTrue(host.machineBusy().isEmpty(), "needs two looks");
        }
    }

    @Test
    void knowsNothingOfAnotherSystem() {
        try (HostWatch watch = HostWatch.start(proc.resolve("none"))) {
            assertEquals(Host.unknown(Runtime.getRuntime().availableProcessors()), watch.latest());
        }
    }

    @Test
    void outlivesWhatItCannotRead() throws IOException {
        write("meminfo", "MemTotal: many\n");
        write("stat", "cpu x y\n");
        write("self/stat", "7 (java)");
        write("self/limits", "Max open files            unlimited        unlimited       files\n");

        try (HostWatch watch = HostWatch.start(proc)) {
            assertEquals(Host.unknown(Runtime.getRuntime().availableProcessors()), watch.latest());
        }
    }

    @Test
    void readsThisSystem() {
        try (HostWatch watch = HostWatch.start()) {
            assertTrue(watch.latest().openFiles().orElse(1) > 0);
            assertTrue(watch.latest().residentBytes().orElse(1L << 30) > 1 << 20);
        }
    }
}
