package io.postern.run.connector.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `postern release keygen|pack|sign|verify`: makes and checks what the updater takes. Exit codes: 0 done, 1 could
/// not be done or is not genuine, 2 the command line is wrong.
@Command(
        name = "postern release",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes and checks releases of the connector for its updater (docs/operate/updates.md).",
        subcommands = {
            ReleaseMain.Keygen.class,
            ReleaseMain.Pack.class,
            ReleaseMain.Sign.class,
            ReleaseMain.Verify.class
        })
public final class ReleaseMain implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    ReleaseMain() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    public static int run(String... args) {
        return new CommandLine(new ReleaseMain())
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((fault, rest) -> {
                    System.err.println("postern release: " + fault.getMessage() + "; see --help");
                    return 2;
                })
                .setExecutionExceptionHandler((fault, line, parsed) -> {
                    if (!(fault instanceof ReleaseFault)) {
                        fault.printStackTrace(System.err);
                    }
                    System.err.println("postern release: " + fault.getMessage());
                    return 1;
                })
                .execute(args);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(System.out);
        }
    }

    @Command(
            name = "keygen",
            mixinStandardHelpOptions = true,
            description = "Make a key pair: the private key signs releases, the public key goes to every updater.")
    static final class Keygen implements Runnable {
        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Private key, made with mode 600.")
        private Path key = Path.of("");

        @Option(names = "--public-key", required = true, paramLabel = "FILE", description = "Public key.")
        private Path publicKey = Path.of("");

        @Override
        public void run() {
            KeyPair pair = ReleaseKeys.generate();
            ReleaseKeys.write(key, pair.getPrivate());
            ReleaseKeys.write(publicKey, pair.getPublic());
            System.out.println("Private key " + key + ": keep it where releases are made, and nowhere else.");
            System.out.println("Public key " + publicKey + ": give it to each updater with --public-key.");
        }
    }

    @Command(
            name = "pack",
            mixinStandardHelpOptions = true,
            description = "Pack an installed connector into an archive.")
    static final class Pack implements Runnable {
        @Option(
                names = "--from",
                required = true,
                paramLabel = "DIR",
                description = "Holds bin/postern, lib/connector.")
        private Path from = Path.of("");

        @Option(names = "--archive", required = true, paramLabel = "FILE", description = "The zip to write.")
        private Path archive = Path.of("");

        @Override
        public void run() {
            Archive.pack(from, archive);
            System.out.println("Packed " + archive);
        }
    }

    @Command(name = "sign", mixinStandardHelpOptions = true, description = "Sign a manifest for an archive.")
    static final class Sign implements Runnable {
        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Private key, from keygen.")
        private Path key = Path.of("");

        @Option(names = "--archive", required = true, paramLabel = "FILE", description = "The zip of this version.")
        private Path archive = Path.of("");

        @Option(names = "--release", required = true, paramLabel = "X.Y.Z", description = "Its version.")
        private String version = "";

        @Option(
                names = "--url",
                paramLabel = "URL",
                description = "Where updaters find the archive: https, file, or relative to the manifest (default: the"
                        + " archive's file name).")
        private @Nullable String url;

        @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "The manifest to write.")
        private Path manifest = Path.of("");

        @Override
        public void run() {
            try {
                var made = new Manifest(
                        Version.parse(version),
                        url == null ? String.valueOf(archive.getFileName()) : url,
                        Files.size(archive),
                        Archive.sha256(archive),
                        Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
                // beside its place first: an updater may be reading
                Path draft = manifest.resolveSibling(manifest.getFileName() + ".new");
                Files.writeString(draft, made.sign(ReleaseKeys.privateKey(key)));
                Files.move(draft, manifest, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                System.out.println("Signed " + made.version() + ", " + made.size() + " bytes, sha256 " + made.sha256());
            } catch (IOException | IllegalArgumentException e) {
                throw new ReleaseFault("the manifest " + manifest + " cannot be made (" + e.getMessage() + ")", e);
            }
        }
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Check a manifest's signature, and the archive where one is given, as an updater would.")
    static final class Verify implements Runnable {
        @Option(names = "--public-key", required = true, paramLabel = "FILE", description = "Public key, from keygen.")
        private Path publicKey = Path.of("");

        @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "The manifest.")
        private Path manifest = Path.of("");

        @Option(names = "--archive", paramLabel = "FILE", description = "The archive; left out: the manifest only.")
        private @Nullable Path archive;

        @Option(names = "--json", description = "One line of JSON.")
        private boolean json;

        @Override
        public void run() {
            try {
                Manifest genuine = Manifest.verify(Files.readAllBytes(manifest), ReleaseKeys.publicKey(publicKey));
                if (archive != null) {
                    check(genuine, archive);
                }
                System.out.println(
                        json
                                ? "{\"version\":\"" + genuine.version() + "\",\"size\":" + genuine.size()
                                        + ",\"sha256\":\"" + genuine.sha256() + "\",\"issued\":\"" + genuine.issued()
                                        + "\"}"
                                : "Genuine: " + genuine.version() + ", issued " + genuine.issued() + ", "
                                        + genuine.size() + " bytes, sha256 " + genuine.sha256());
            } catch (IOException e) {
                throw new ReleaseFault("the manifest " + manifest + " cannot be read (" + e + ")", e);
            }
        }

        private static void check(Manifest genuine, Path archive) throws IOException {
            if (Files.size(archive) != genuine.size()) {
                throw new ReleaseFault(
                        archive + " has " + Files.size(archive) + " bytes, the manifest says " + genuine.size());
            }
            String sum = Archive.sha256(archive);
            if (!sum.equals(genuine.sha256())) {
                throw new ReleaseFault(archive + " has sha256 " + sum + ", the manifest says " + genuine.sha256());
            }
        }
    }
}
