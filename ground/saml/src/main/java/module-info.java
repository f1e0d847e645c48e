/// SAML 2.0 as the identity provider writes it and a service provider reads it. Floor 2.
@org.jspecify.annotations.NullMarked
module io.postern.saml {
    requires transitive io.postern.base;
    requires transitive java.xml;
    requires java.xml.crypto;

    exports io.postern.saml;
    exports io.postern.saml.metadata;
    exports io.postern.saml.wsfed;
    exports io.postern.saml.xml;
}
