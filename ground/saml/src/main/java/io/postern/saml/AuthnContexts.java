package io.postern.saml;

/// Class references of authentication contexts that are understood (3.4).
public final class AuthnContexts {
    public static final String PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
    public static final String PASSWORD_PROTECTED_TRANSPORT =
            "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    public static final String UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";
    public static final String X509 = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509";
    public static final String TLS_CLIENT = "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient";
    public static final String SMARTCARD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard";
    public static final String KERBEROS = "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos";
    public static final String WINDOWS = "urn:federation:authentication:windows";
    /// What service providers of the original ask for when they want several factors.
    public static final String MULTIPLE_AUTHN = "http://schemas.microsoft.com/claims/multipleauthn";

    private AuthnContexts() {}
}
