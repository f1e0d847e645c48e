/// The certificate authorities and what they issue. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.pki {
    requires transitive io.postern.store;
    requires transitive io.postern.token;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;

    exports io.postern.pki;
}
