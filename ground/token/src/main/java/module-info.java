/// Tokens and sealed values, used by the gateway and by the identity provider. Floor 2.
@org.jspecify.annotations.NullMarked
module io.postern.token {
    requires transitive io.postern.base;
    requires com.nimbusds.jose.jwt;

    exports io.postern.token;
}
