package io.postern.tunnel.accept;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A tunnel of group `g` as far as choosing one goes; it serves backend `b` and opens no streams.
final class Stub implements Tunnel {
    private final String id;
    private final EventLoop loop;
    private String connector = "c";
    private String process = "p";
    private String backend = "b";
    private int streams;
    private boolean open = true;
    private boolean suspect;
    private boolean tight;

    Stub(String id, EventLoop loop) {
        this.id = id;
        this.loop = loop;
    }

    Stub of(String connectorId) {
        connector = connectorId;
        return this;
    }

    Stub process(String name) {
        process = name;
        return this;
    }

    Stub serving(String backendId) {
        backend = backendId;
        return this;
    }

    Stub streams(int count) {
        streams = count;
        return this;
    }

    Stub notOpen() {
        open = false;
        return this;
    }

    Stub suspect(boolean now) {
        suspect = now;
        return this;
    }

    Stub tight() {
        tight = true;
        return this;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public String connectorId() {
        return connector;
    }

    @Override
    public String certificate() {
        return "f";
    }

    @Override
    public String group() {
        return "g";
    }

    @Override
    public int lane() {
        return 0;
    }

    @Override
    public HelloAnswer connector() {
        return new HelloAnswer(1, "1", "m", "o", Instant.EPOCH, Optional.of(process), process.startsWith("trial"));
    }

    @Override
    public SocketAddress remoteAddress() {
        return new InetSocketAddress(0);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean serves(String backendId) {
        return backend.equals(backendId);
    }

    @Override
    public int openStreams() {
        return streams;
    }

    @Override
    public boolean isTight() {
        return tight;
    }

    @Override
    public boolean isSuspect() {
        return suspect;
    }

    @Override
    public Future<FrameStream> openStream(FrameListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<ConnectorStatus> status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<TunnelEnd> drain(Duration grace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close(TunnelEnd why) {}

    @Override
    public Future<TunnelEnd> closed() {
        throw new UnsupportedOperationException();
    }
}
