/// Users' names and passwords, shared by identity and admin. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.account {
    requires transitive io.postern.store;
    requires java.security.jgss;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports io.postern.account;
    exports io.postern.account.desktop;
    exports io.postern.account.onpremises;
}
