package io.postern.run.service;

import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.postern.domain.OwnHost;
import io.postern.run.Fault;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The control plane's HTTP server: one Unix domain socket for each of our own hosts, in a folder that
/// only this user can enter, so that only the gateway's process reaches them. Requests run on virtual
/// threads.
final class ControlDoors implements AutoCloseable {
    /// A Unix socket's path has room for 108 bytes with its zero (unix(7)); the longest name of ours is 12.
    private static final int FOLDER_BYTES_MAX = 90;
    /// Larger than what the edge lets through (64 KiB of fields), so that the edge decides.
    private static final int HEADERS_BYTES_MAX = 128 * 1024;

    private static final int PROLOGUE_BYTES_MAX = 64 * 1024;

    private final Path folder;
    private final Map<OwnHost, SocketAddress> addresses;
    private final WebServer server;

    private ControlDoors(Path folder, Map<OwnHost, SocketAddress> addresses, WebServer server) {
        this.folder = folder;
        this.addresses = addresses;
        this.server = server;
    }

    /// @param data the folder for the sockets is made inside where the path is short enough, else among the
    ///     system's temporary ones
    /// @param rooms what stands behind each door
    static ControlDoors open(Path data, Map<OwnHost, Consumer<HttpRouting.Builder>> rooms) {
        Path folder = freshFolder(data);
        var builder = WebServer.builder();
        builder.shutdownHook(false).featuresDiscoverServices(false);
        var addresses = new EnumMap<OwnHost, SocketAddress>(OwnHost.class);
        rooms.forEach((host, room) -> {
            SocketAddress address = UnixDomainSocketAddress.of(folder.resolve(host.label() + ".sock"));
            boolean first = addresses.isEmpty(); // the server itself is the first listener, the others are added
            addresses.put(host, address);
            if (first) {
                configure(builder, address, room);
            } else {
                builder.putSocket(host.label(), door -> configure(door, address, room));
            }
        });
        WebServer server = builder.build();
        server.start();
        return new ControlDoors(folder, addresses, server);
    }

    /// Where the gateway finds each door.
    Map<OwnHost, SocketAddress> addresses() {
        return Map.copyOf(addresses);
    }

    @Override
    public void close() {
        server.stop();
        remove(folder);
    }

    private static void configure(
            ListenerConfig.BuilderBase<?, ?> door, SocketAddress address, Consumer<HttpRouting.Builder> room) {
        HttpRouting.Builder routing = HttpRouting.builder();
        room.accept(routing);
        door.bindAddress(address)
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.builder()
                        .name("http_1_1")
                        .maxHeadersSize(HEADERS_BYTES_MAX)
                        .maxPrologueLength(PROLOGUE_BYTES_MAX)
                        .buildPrototype())
                .idleConnectionTimeout(Duration.ofMinutes(5))
                .routing(routing);
    }

    private static Path freshFolder(Path data) {
        try {
            Path own = data.resolve("run");
            if (own.toString().getBytes(StandardCharsets.UTF_8).length <= FOLDER_BYTES_MAX) {
                remove(own); // left over after kill -9; the database's lock says that no other process uses it
                return Files.createDirectory(
                        own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return Files.createTempDirectory("postern"); // 0700 by definition
        } catch (IOException e) {
            throw new Fault(
                    "the folder for the service's own sockets cannot be made in " + data + " (" + e.getMessage() + ")",
                    e);
        }
    }

    private static void remove(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                Files.deleteIfExists(entry);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new Fault("the folder " + folder + " cannot be emptied (" + e.getMessage() + ")", e);
        }
    }
}
