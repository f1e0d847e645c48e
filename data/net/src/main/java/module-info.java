/// Plumbing of the data plane: event loops, TLS, field rules, back-pressure. Floor 2: does not know
/// what it carries.
@org.jspecify.annotations.NullMarked
module io.postern.net {
    requires transitive io.postern.base;
    requires transitive io.netty.transport;
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.handler;
    requires transitive io.netty.codec;
    requires transitive io.netty.codec.http;
    requires transitive io.netty.codec.http2;
    requires transitive io.netty.resolver;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;

    exports io.postern.net;
    exports io.postern.net.dial;
}
