package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Orders of certificates, and the answers that prove to the ACME server that their hosts are ours.
public interface CertificateOrderStore {
    /// @param name host and token of http-01, the host of tls-alpn-01
    /// @param content what is answered: the key authorization, or a sealed certificate
    record Challenge(Kind kind, String name, String content, Instant expires) {
        public enum Kind {
            HTTP,
            TLS_ALPN
        }
    }

    /// In place of what was there.
    void put(CertificateOrder order);

    boolean delete(TenantId tenant, String id);

    Optional<CertificateOrder> find(TenantId tenant, String id);

    /// By age.
    List<CertificateOrder> list(TenantId tenant);

    /// Of every tenant, those to be tried now.
    List<CertificateOrder> due(Instant now);

    void putChallenge(Challenge challenge);

    boolean deleteChallenge(Challenge.Kind kind, String name);

    List<Challenge> challenges();

    int purge(Instant now);
}
