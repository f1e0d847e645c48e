package io.postern.run.quickstart;

import io.postern.run.Fault;
import io.postern.run.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The one folder in which a quickstart keeps everything: 0700, and its secrets 0600.
///
///     ca.pem        what browsers are asked to trust
///     password      of the first user, until it is changed; beside it what tells whether it was
///     api-token     of the service principal `quickstart`
///     service.json  where the running service is reached
///     postern.db    database, beside it its key file
///     connector/    the built-in connector's own folder
public final class DataFolder {
    /// Where a quickstart's service is reached, for the other commands.
    public record Reachable(String api, String token, Path authority) {}

    private static final Set<String> OURS =
            Set.of("postern.db", "service.json", "ca.pem", "master.key", "service.lock");

    private final Path folder;

    private DataFolder(Path folder) {
        this.folder = folder;
    }

    /// Names the folder without touching it.
    public static DataFolder at(Path folder) {
        return new DataFolder(folder.toAbsolutePath().normalize());
    }

    /// Makes the folder where it is missing, and sees that it is ours, private and writable.
    static DataFolder open(Path path) {
        DataFolder data = at(path);
        try {
            data.prepare();
        } catch (IOException e) {
            throw new Fault(
                    "the data folder " + data.folder + " cannot be used (" + PrivateFile.reason(e)
                            + "); choose another with --data DIR",
                    e);
        }
        return data;
    }

    private void prepare() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new Fault("the data folder " + folder + " is a file; choose a folder with --data DIR");
        }
        if (Files.isDirectory(folder) && !isOurs()) {
            throw new Fault("the folder " + folder + " holds other things; choose an empty one with --data DIR");
        }
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.delete(Files.createTempFile(folder, ".writable", ""));
    }

    private boolean isOurs() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            var names = entries.map(p -> p.getFileName().toString()).toList();
            return names.isEmpty() || names.stream().anyMatch(OURS::contains);
        }
    }

    Path path() {
        return folder;
    }

    Path database() {
        return folder.resolve("postern.db");
    }

    Path authority() {
        return folder.resolve("ca.pem");
    }

    Path connector() {
        return folder.resolve("connector");
    }

    /// False where the built-in connector needs a token: it has no certificate, or only expired ones. Of a file that
    /// cannot be read the connector itself says what is wrong.
    boolean isConnectorRegistered(Instant now) {
        return Stream.of("identity", "identity.next")
                .map(name -> connector().resolve(name))
                .filter(Files::isDirectory)
                .anyMatch(identity -> isValid(identity.resolve("certificate.pem"), now));
    }

    private static boolean isValid(Path certificate, Instant now) {
        try (InputStream pem = Files.newInputStream(certificate)) {
            var leaf = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            return now.isBefore(leaf.getNotAfter().toInstant());
        } catch (IOException | CertificateException e) {
            return true;
        }
    }

    Optional<String> password() {
        return read("password");
    }

    Path apiToken() {
        return folder.resolve("api-token");
    }

    /// @param stored the hash that the database has of it, in force as long as the password is
    void keepPassword(String password, String stored) {
        write("password", password + "\n");
        write("password.seen", digest(stored) + "\n");
    }

    /// True when the password was kept together with this stored hash.
    boolean isPasswordOf(String stored) {
        return read("password.seen").filter(digest(stored)::equals).isPresent();
    }

    /// The password was changed: the old one is worth nothing any more.
    void forgetPassword() {
        delete("password");
        delete("password.seen");
    }

    void announce(String api) {
        write("service.json", "{\"api\":\"" + api + "\"}\n");
    }

    /// What another command needs to talk to the service that runs on this folder.
    public Reachable reachable() {
        String text = read("service.json")
                .orElseThrow(() -> new Fault("no service to talk to: set POSTERN_URL and POSTERN_TOKEN, or start"
                        + " 'postern quickstart' and give its folder with --data (looked in " + folder + ")"));
        try {
            JsonNode json = new JsonMapper().readTree(text);
            String api = URI.create(json.path("api").asString("")).toString();
            String token = PrivateFile.read(apiToken())
                    .orElseThrow(() -> new Fault("the folder " + folder
                            + " holds no API token any more; set POSTERN_URL" + " and POSTERN_TOKEN"));
            return new Reachable(api, token, authority());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Fault(
                    "the file " + folder.resolve("service.json") + " is damaged; start the quickstart again", e);
        }
    }

    private Optional<String> read(String name) {
        return PrivateFile.read(folder.resolve(name));
    }

    private void write(String name, String text) {
        PrivateFile.write(folder.resolve(name), text);
    }

    private void delete(String name) {
        PrivateFile.delete(folder.resolve(name));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
