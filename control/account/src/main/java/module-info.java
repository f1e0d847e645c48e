/// Users' names and passwords, shared by identity and admin. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.account {
    requires transitive io.postern.store;
    requires org.bouncycastle.provider;

    exports io.postern.account;
}
