package io.postern.identity;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/// How upstream identity providers are reached.
///
/// @param tls whose certificates are trusted
/// @param internal addresses of private networks and of this machine may be asked for any tenant
public record OutsideAccess(SSLContext tls, boolean internal) {
    /// With the authorities that this machine trusts.
    public static OutsideAccess of(boolean internal) {
        try {
            return new OutsideAccess(SSLContext.getDefault(), internal);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has a default TLS context", e);
        }
    }
}
