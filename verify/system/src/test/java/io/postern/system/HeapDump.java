package io.postern.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a running process has in its heap after a collection, and whether some bytes are among it.
final class HeapDump {
    private static final int PIECE = 1 << 20;

    private final Path file;

    private HeapDump(Path file) {
        this.file = file;
    }

    /// @param file a new one
    static HeapDump of(Process process, Path file) {
        Path java = Path.of(process.info().command().orElseThrow());
        String jcmd = java.resolveSibling("jcmd").toString();
        String pid = Long.toString(process.pid());
        Command.of(jcmd, pid, "GC.run").expectSuccess();
        Command.of(jcmd, pid, "GC.heap_dump", file.toString()).expectSuccess();
        return new HeapDump(file);
    }

    boolean has(byte[] wanted) throws IOException {
        byte[] piece = new byte[PIECE + wanted.length];
        int kept = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.readNBytes(piece, kept, PIECE); read > 0; read = in.readNBytes(piece, kept, PIECE)) {
                int length = kept + read;
                if (isIn(piece, length, wanted)) {
                    return true;
                }
                kept = Math.min(length, wanted.length - 1);
                System.arraycopy(piece, length - kept, piece, 0, kept);
            }
        }
        return false;
    }

    private static boolean isIn(byte[] all, int length, byte[] wanted) {
        for (int i = 0; i <= length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && all[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
