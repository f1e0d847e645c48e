package io.postern.run.connector.update;

import io.postern.run.connector.release.Archive;
import io.postern.run.connector.release.Manifest;
import io.postern.run.connector.release.ReleaseFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Locale;

/// Where releases come from: a manifest in a file or at an https URL, and the archive that it names. What comes is
/// believed for the manifest's signature and the archive's sum alone; https keeps the rest of the world from watching
/// and from filling the disk.
///
/// Blocks; called by the updater's main thread.
final class Source {
    /// Fetches what is at an https URL.
    interface Web {
        /// @return to be closed
        InputStream open(URI uri) throws IOException;
    }

    private final URI place;
    private final PublicKey key;
    private final Web web;

    private Source(URI place, PublicKey key, Web web) {
        this.place = place;
        this.key = key;
        this.web = web;
    }

    /// @param place a path, or a URL with scheme https or file
    /// @throws ReleaseFault naming the place
    static Source of(String place, PublicKey key, Web web) {
        try {
            if (!place.contains("://")) {
                return new Source(Path.of(place).toAbsolutePath().toUri(), key, web);
            }
            URI uri = URI.create(place);
            if (isFile(uri) || isHttps(uri)) {
                return new Source(uri, key, web);
            }
        } catch (IllegalArgumentException e) {
            throw new ReleaseFault(
                    "the manifest's place '" + place + "' is not understood (" + e.getMessage() + ")", e);
        }
        throw new ReleaseFault("the manifest's place '" + place + "' must be a file or an https URL");
    }

    /// @throws ReleaseFault when it cannot be had, or is not the key owner's
    Manifest manifest() {
        try (InputStream in = open(place)) {
            byte[] text = in.readNBytes(Manifest.BYTES_MAX + 1);
            return Manifest.verify(text, key);
        } catch (IOException e) {
            throw new ReleaseFault("the manifest " + place + " cannot be read (" + why(e) + ")", e);
        }
    }

    /// Fetches the archive, at most as many bytes as the manifest says.
    ///
    /// @throws ReleaseFault when it cannot be had, or is another one than the manifest means
    void archive(Manifest manifest, Path target) {
        URI from = place.resolve(manifest.url());
        if (!isHttps(from) && !(isFile(from) && isFile(place))) {
            throw new ReleaseFault("the archive's place '" + from + "' must be " + (isFile(place) ? "a file or " : "")
                    + "an https URL");
        }
        try (InputStream in = open(from);
                OutputStream out = Files.newOutputStream(target)) {
            long left = manifest.size();
            byte[] piece = new byte[64 * 1024];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                left -= n;
                if (left < 0) {
                    throw new ReleaseFault("the archive " + from + " is larger than the " + manifest.size()
                            + " bytes that the manifest says");
                }
                out.write(piece, 0, n);
            }
            if (left > 0) {
                throw new ReleaseFault("the archive " + from + " ends " + left + " bytes too early");
            }
        } catch (IOException e) {
            throw new ReleaseFault("the archive " + from + " cannot be fetched (" + why(e) + ")", e);
        }
        String sum = Archive.sha256(target);
        if (!sum.equals(manifest.sha256())) {
            throw new ReleaseFault(
                    "the archive " + from + " has sha256 " + sum + ", the manifest says " + manifest.sha256());
        }
    }

    private InputStream open(URI uri) throws IOException {
        if (isFile(uri)) {
            return Files.newInputStream(Path.of(uri));
        }
        return web.open(uri);
    }

    /// A file's fault names in its message the file alone.
    private static String why(IOException e) {
        return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
    }

    private static boolean isFile(URI uri) {
        return "file".equals(scheme(uri));
    }

    private static boolean isHttps(URI uri) {
        return "https".equals(scheme(uri));
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
