package io.postern.connector.kerberos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The way to a KDC, which a test may cut, or stop up.
final class KdcRelay implements AutoCloseable {
    enum Mode {
        PASSES,
        /// takes questions and answers none
        SILENT,
        /// hangs up at once
        GONE
    }

    private final InetSocketAddress kdc;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile Mode mode = Mode.PASSES;

    KdcRelay(InetSocketAddress kdc) throws IOException {
        this.kdc = kdc;
        listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    void become(Mode next) {
        mode = next;
    }

    int questions() {
        return questions.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            questions.incrementAndGet();
            switch (mode) {
                case GONE -> client.setSoLinger(true, 0);
                case SILENT -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
                case PASSES -> pass(client);
            }
        } catch (IOException e) {
            return; // one of the two hung up
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket client) throws IOException {
        try (var there = new Socket(kdc.getAddress(), kdc.getPort())) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.getInputStream().transferTo(there.getOutputStream());
                    there.shutdownOutput();
                } catch (IOException e) {
                    return; // over
                }
            });
            InputStream answer = there.getInputStream();
            answer.transferTo(client.getOutputStream());
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
