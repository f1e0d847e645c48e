/// Reversed HTTP/2 (docs/protocol/tunnel.md). Floor 3: carries backend ids, knows no policy.
@org.jspecify.annotations.NullMarked
module io.postern.tunnel {
    requires transitive io.postern.net;
    requires tools.jackson.databind;

    exports io.postern.tunnel;
    exports io.postern.tunnel.accept;
    exports io.postern.tunnel.dial;
}
