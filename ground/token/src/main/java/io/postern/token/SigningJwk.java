package io.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Map;

/// An RSA key that signs tokens (RS256, RFC 7518 §3.3). Thread-safe.
public final class SigningJwk {
    private final RSAKey key;
    private final JWSSigner signer;

    private SigningJwk(RSAKey key) {
        this.key = key;
        try {
            this.signer = new RSASSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("not a private RSA key", e);
        }
    }

    /// A fresh 2048-bit key whose id is its RFC 7638 thumbprint.
    public static SigningJwk generate() {
        try {
            return new SigningJwk(new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    /// @param json the private JWK
    public static SigningJwk parse(String json) {
        try {
            return new SigningJwk(RSAKey.parse(json));
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a JWK", e);
        }
    }

    public String keyId() {
        return key.getKeyID();
    }

    public String publicJson() {
        return key.toPublicJWK().toJSONString();
    }

    /// With the private part: seal it before it is stored.
    public String privateJson() {
        return key.toJSONString();
    }

    /// @param claims values as Nimbus takes them: strings, numbers, lists, maps, `java.util.Date`
    public String sign(Map<String, Object> claims) {
        var set = new JWTClaimsSet.Builder();
        claims.forEach(set::claim);
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                set.build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        return jwt.serialize();
    }
}
