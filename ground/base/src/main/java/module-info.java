/// Values that both processes use. Floor 1: knows nothing of ours.
@org.jspecify.annotations.NullMarked
module io.postern.base {
    requires transitive org.slf4j;
    requires static transitive org.jspecify;
    requires org.snakeyaml.engine;

    exports io.postern.base;
    exports io.postern.base.config;

    provides java.net.spi.InetAddressResolverProvider with
            io.postern.base.LocalhostNames;
}
