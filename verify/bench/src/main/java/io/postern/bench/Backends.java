package io.postern.bench;

import io.postern.fixtures.FreePort;
import io.postern.fixtures.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The two backends, each a process of its own, the same for every peer.
///
/// @param filesH2 port of the same nginx for HTTP/2 without TLS
record Backends(Hop files, Hop live, int filesH1, int filesH2, int livePort) {
    static final int SMALL = 1 << 10;
    static final int PAGE = 50 << 10;
    static final int LARGE = 100 << 20;

    private static final int BLOCK = 1 << 20;

    static Backends start(Workbench bench) {
        write(bench.folder());
        int filesH1 = FreePort.find();
        int filesH2 = FreePort.find();
        Daemon nginx = Nginx.start(bench, "files", "nginx-files.conf", Map.of("port", filesH1, "port-h2", filesH2))
                .awaitPort(filesH1, Workbench.START_LIMIT);
        int livePort = FreePort.find();
        Daemon live = bench.startJava("live", LiveBackend.class, "", Integer.toString(livePort))
                .awaitPort(livePort, Workbench.START_LIMIT);
        return new Backends(Hop.of("files", nginx), Hop.of("live", live), filesH1, filesH2, livePort);
    }

    private static void write(TempFolder folder) {
        try {
            var root = Files.createDirectories(folder.file("files"));
            byte[] block = new byte[BLOCK];
            new Random(1).nextBytes(block); // nothing that a hop could compress
            for (var file : Map.of("1k", SMALL, "50k", PAGE, "100m", LARGE).entrySet()) {
                try (var out = Files.newOutputStream(root.resolve(file.getKey()))) {
                    for (int left = file.getValue(); left > 0; left -= BLOCK) {
                        out.write(block, 0, Math.min(left, BLOCK));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Hop> all() {
        return List.of(files, live);
    }

    int port(Origin origin, Protocol protocol) {
        return switch (origin) {
            case FILES -> protocol == Protocol.H2 ? filesH2 : filesH1;
            case LIVE -> livePort;
        };
    }
}
