package io.postern.saml;

import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a service provider expects of responses; all of it configuration, none of it from the message.
///
/// @param issuer entity ID of the identity provider
/// @param keys of the identity provider, two during a rollover
/// @param audience our entity ID
/// @param recipient the address that the response came to
/// @param request the request of this browser that waits for an answer; empty if none does
/// @param unsolicited whether answers to no request are taken
/// @param skew how far clocks may differ
/// @param decryption our keys for encrypted assertions; empty if none is expected
public record Expectations(
        String issuer,
        List<PublicKey> keys,
        Set<SignatureAlgorithm> algorithms,
        String audience,
        String recipient,
        Optional<String> request,
        boolean unsolicited,
        Duration skew,
        List<SigningKey> decryption) {
    public Expectations {
        keys = List.copyOf(keys);
        algorithms = Set.copyOf(algorithms);
        decryption = List.copyOf(decryption);
    }
}
