package io.postern.bench;

import io.postern.fixtures.Binary;
import io.postern.fixtures.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The tunnel that needs nothing new: `ssh -R` from inside opens ports outside, nginx with TLS stands before them.
/// An sshd of its own with keys of its own; nobody else may use it.
record SshBehindNginx(Workbench bench, int port, Daemon nginx, Daemon sshd, Daemon ssh) implements Peer {
    static SshBehindNginx start(Workbench bench, Wire wire) {
        int sshPort = FreePort.find();
        int files = FreePort.find();
        int live = FreePort.find();
        int port = FreePort.find();
        Path hostKey = key(bench, "ssh-host");
        Path userKey = key(bench, "ssh-user");
        privilegeSeparationFolder();
        var config = bench.folder()
                .write(
                        "sshd.conf",
                        Template.fill(
                                "sshd.conf",
                                Map.of(
                                        "port",
                                        sshPort,
                                        "host-key",
                                        hostKey,
                                        "authorized",
                                        userKey + ".pub",
                                        "folder",
                                        bench.folder().path())));
        String sshdPath = Binary.find("sshd", "openssh-server").toString();
        Daemon sshd = bench.start("sshd", List.of(sshdPath, "-D", "-e", "-f", config.toString()))
                .awaitPort(sshPort, Workbench.START_LIMIT);
        Daemon ssh = bench.start("ssh", client(bench, wire.to(sshPort), userKey, files, live))
                .awaitPort(files, Workbench.START_LIMIT);
        Map<String, ?> values = Map.of("port", port, "workers", 1, "files", files, "live", live);
        Daemon nginx = Nginx.start(bench, "ssh-front", "ssh-front.conf", values).awaitPort(port, Workbench.START_LIMIT);
        return new SshBehindNginx(bench, port, nginx, sshd, ssh);
    }

    private static List<String> client(Workbench bench, int sshPort, Path userKey, int files, int live) {
        var command =
                new ArrayList<>(List.of(Binary.find("ssh", "openssh-client").toString(), "-N", "-F", "none"));
        for (String option : List.of(
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
                "LogLevel=ERROR",
                "BatchMode=yes",
                "ExitOnForwardFailure=yes",
                "Ciphers=aes128-gcm@openssh.com")) {
            command.addAll(List.of("-o", option));
        }
        var backends = bench.backends();
        command.addAll(List.of("-i", userKey.toString(), "-p", Integer.toString(sshPort)));
        command.addAll(List.of("-R", forward(files, backends.port(Origin.FILES, Protocol.H1))));
        command.addAll(List.of("-R", forward(live, backends.port(Origin.LIVE, Protocol.H1))));
        command.add(System.getProperty("user.name") + "@127.0.0.1");
        return command;
    }

    private static String forward(int outside, int inside) {
        return "127.0.0.1:" + outside + ":127.0.0.1:" + inside;
    }

    private static Path key(Workbench bench, String name) {
        Path file = bench.folder().file(name + "-" + FreePort.find());
        bench.run(
                List.of(
                        Binary.find("ssh-keygen", "openssh-client").toString(),
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-f",
                        file.toString()),
                Workbench.START_LIMIT);
        return file;
    }

    /// Debian's sshd insists on it, and only its service unit makes it. Another user than root needs none.
    private static void privilegeSeparationFolder() {
        if ("root".equals(System.getProperty("user.name"))) {
            try {
                Files.createDirectories(Path.of("/run/sshd"));
            } catch (IOException e) {
                throw new UncheckedIOException("sshd needs the folder /run/sshd", e);
            }
        }
    }

    @Override
    public PeerKind kind() {
        return PeerKind.SSH;
    }

    @Override
    public List<Hop> hops() {
        return List.of(Hop.of("front", nginx, sshd), Hop.of("back", ssh));
    }

    @Override
    public Target target(Origin origin, Protocol protocol) {
        return bench.localhost(port, origin);
    }

    @Override
    public void close() {
        nginx.close();
        ssh.close();
        sshd.close();
    }
}
