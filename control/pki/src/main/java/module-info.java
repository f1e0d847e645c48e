/// The certificate authorities and what they issue. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.pki {
    requires transitive io.postern.store;
    requires transitive io.postern.token;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;
    requires java.net.http;
    requires org.shredzone.acme4j;
    requires static com.github.spotbugs.annotations; // on the classes of acme4j, for javac only

    exports io.postern.pki;
    exports io.postern.pki.acme;
}
