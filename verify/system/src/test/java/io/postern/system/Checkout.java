package io.postern.system;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the launcher and the built jars lie.
final class Checkout {
    static final Path ROOT = find();

    private Checkout() {}

    static String launcher() {
        return ROOT.resolve("bin/postern").toString();
    }

    private static Path find() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isExecutable(at.resolve("bin/postern"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "bin/postern is in no folder above " + Path.of("").toAbsolutePath());
    }
}
