package io.postern.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// JWT algorithm confusion, unsigned objects, skipped claims (Keycloak CVE-2026-9793, OpenZiti
/// GHSA-4h58-w989-xgg4; RFC 8725 §3.1, §3.8 to §3.10).
class AlgConfusionTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String ISSUER = "https://login.postern.test/t1/v2.0";
    private static final SigningJwk KEY = SigningJwk.generate();
    private static final SigningJwk OTHER_TENANT = SigningJwk.generate();
    private static final SigningJwk STRANGER = SigningJwk.generate();

    private final JwtVerifier verifier = new JwtVerifier(List.of(
            new JwtVerifier.TrustedKey(KEY.keyId(), ISSUER, KEY.publicJson()),
            new JwtVerifier.TrustedKey(
                    OTHER_TENANT.keyId(), "https://login.postern.test/t2/v2.0", OTHER_TENANT.publicJson())));

    private static Map<String, Object> claims() {
        return new HashMap<>(Map.of(
                "iss", ISSUER, "aud", "app", "oid", "u", "nbf", Date.from(NOW), "exp", Date.from(NOW.plusSeconds(60))));
    }

    private static JWTClaimsSet set() {
        var builder = new JWTClaimsSet.Builder();
        claims().forEach(builder::claim);
        return builder.build();
    }

    private JwtVerifier.Result verify(String token) {
        return verifier.verify(token, Set.of("app", "api://app"), NOW);
    }

    private void refused(String token) {
        assertInstanceOf(JwtVerifier.Result.Refused.class, verify(token), token);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void ownTokenIsValid() {
        var valid = assertInstanceOf(JwtVerifier.Result.Valid.class, verify(KEY.sign(claims())));
        assertEquals("u", valid.text("oid"));
        assertEquals("", valid.text("missing"));
        assertEquals("", valid.text("exp"), "not a text");
    }

    @Nested
    class Algorithm {
        @Test
        void unsignedIsRefused() {
            refused(new PlainJWT(set()).serialize());
            for (String alg : new String[] {"none", "None", "NONE", "nOnE", ""}) {
                String head = base64("{\"alg\":\"" + alg + "\",\"kid\":\"" + KEY.keyId() + "\"}");
                refused(head + "." + base64(set().toString()) + ".");
                refused(head + "." + base64(set().toString()) + ".AAAA");
            }
        }

        @Test
        void signatureLeftOutIsRefused() {
            String token = KEY.sign(claims());
            refused(token.substring(0, token.lastIndexOf('.') + 1));
            refused(token.substring(0, token.lastIndexOf('.')));
        }

        /// The classic: the public key, known to all, taken as the secret of a MAC.
        @Test
        void macWithThePublicKeyIsRefused() throws Exception {
            RSAKey rsa = RSAKey.parse(KEY.publicJson());
            byte[] der = rsa.toRSAPublicKey().getEncoded();
            byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(der) + "\n-----END PUBLIC KEY-----\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (byte[] secret : List.of(
                    der,
                    pem,
                    KEY.publicJson().getBytes(StandardCharsets.UTF_8),
                    rsa.getModulus().decode())) {
                for (JWSAlgorithm alg : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
                    refused(signed(alg, KEY.keyId(), new MACSigner(secret)));
                }
            }
        }

        @Test
        void otherRsaAlgorithmsAreRefused() throws Exception {
            RSAKey rsa = RSAKey.parse(KEY.privateJson());
            for (JWSAlgorithm alg : List.of(
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512)) {
                refused(signed(alg, KEY.keyId(), new RSASSASigner(rsa.toRSAPrivateKey())));
            }
        }

        @Test
        void ellipticCurveUnderOurKeyIdIsRefused() throws Exception {
            var ec = new ECKeyGenerator(Curve.P_256).generate();
            refused(signed(JWSAlgorithm.ES256, KEY.keyId(), new ECDSASigner(ec)));
        }

        /// Header parameters that bring a key along must not be believed (RFC 8725 §3.10).
        @Test
        void keyInTheHeaderIsNotUsed() throws Exception {
            RSAKey stranger = RSAKey.parse(STRANGER.privateJson());
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID(KEY.keyId())
                    .jwk(stranger.toPublicJWK())
                    .jwkURL(java.net.URI.create("https://evil.test/keys"))
                    .x509CertURL(java.net.URI.create("https://evil.test/cert"))
                    .build();
            var jwt = new SignedJWT(header, set());
            jwt.sign(new RSASSASigner(stranger));
            refused(jwt.serialize());
        }

        @Test
        void unknownCriticalParameterIsRefused() throws Exception {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID(KEY.keyId())
                    .criticalParams(Set.of("exp"))
                    .customParam("exp", 1)
                    .build();
            var jwt = new SignedJWT(header, set());
            jwt.sign(new RSASSASigner(RSAKey.parse(KEY.privateJson())));
            refused(jwt.serialize()); // RFC 7515 §4.1.11
        }

        @Test
        void encryptedIsRefused() throws Exception {
            var jwe = new EncryptedJWT(
                    new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                            .keyID(KEY.keyId())
                            .build(),
                    set());
            jwe.encrypt(new RSAEncrypter(RSAKey.parse(KEY.publicJson())));
            refused(jwe.serialize());
        }

        private String signed(JWSAlgorithm alg, String keyId, com.nimbusds.jose.JWSSigner signer) throws JOSEException {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(alg)
                            .type(JOSEObjectType.JWT)
                            .keyID(keyId)
                            .build(),
                    set());
            jwt.sign(signer);
            return jwt.serialize();
        }
    }

    @Nested
    class Key {
        @Test
        void strangersKeyIsRefused() {
            refused(STRANGER.sign(claims()));
        }

        @Test
        void keyOfAnotherTenantDoesNotSpeakForThisIssuer() {
            refused(OTHER_TENANT.sign(claims()));
        }

        @Test
        void missingOrForeignKeyIdIsRefused() throws Exception {
            for (String id : new String[] {null, "", "x", OTHER_TENANT.keyId()}) {
                var jwt = new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(), set());
                jwt.sign(new RSASSASigner(RSAKey.parse(KEY.privateJson())));
                refused(jwt.serialize());
            }
        }

        @Test
        void everyTamperedCharacterOfPayloadAndSignatureIsNoticed() {
            String token = KEY.sign(claims());
            for (int i = token.indexOf('.') + 1; i < token.length(); i += 3) {
                if (token.charAt(i) != '.') {
                    char other = token.charAt(i) == 'A' ? 'Q' : 'A'; // differ in used bits too
                    refused(token.substring(0, i) + other + token.substring(i + 1));
                }
            }
        }

        @Test
        void keyThatIsNoRsaKeyIsRefusedAtOnce() {
            var broken = List.of(new JwtVerifier.TrustedKey("k", ISSUER, "{}"));
            assertThrows(IllegalArgumentException.class, () -> new JwtVerifier(broken));
        }

        @Test
        void weakKeyIsRefusedAtOnce() {
            var weak = List.of(new JwtVerifier.TrustedKey(
                    "k",
                    ISSUER,
                    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
                            + Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(new byte[] {(byte) 0x81, 1, 1, 1, 1, 1, 1, 1})
                            + "\"}"));
            assertThrows(IllegalArgumentException.class, () -> new JwtVerifier(weak));
        }
    }

    @Nested
    class Claims {
        private String with(String claim, Object value) {
            Map<String, Object> claims = claims();
            if (value == null) {
                claims.remove(claim);
            } else {
                claims.put(claim, value);
            }
            return KEY.sign(claims);
        }

        @Test
        void issuerMustBeExact() {
            refused(with("iss", null));
            refused(with("iss", ISSUER + "/"));
            refused(with("iss", ISSUER.toUpperCase(java.util.Locale.ROOT)));
        }

        @Test
        void audienceMustNameUs() {
            refused(with("aud", null));
            refused(with("aud", List.of()));
            refused(with("aud", "other"));
            refused(with("aud", "APP"));
            refused(with("aud", "app "));
            assertInstanceOf(JwtVerifier.Result.Valid.class, verify(with("aud", List.of("other", "api://app"))));
        }

        @Test
        void lifetimeIsRequiredAndKept() {
            refused(with("exp", null));
            refused(with("exp", Date.from(NOW.minus(JwtVerifier.SKEW))));
            refused(with("nbf", Date.from(NOW.plus(JwtVerifier.SKEW).plusSeconds(1))));
            assertInstanceOf(
                    JwtVerifier.Result.Valid.class,
                    verify(with("exp", Date.from(NOW.minus(JwtVerifier.SKEW).plusSeconds(1)))));
            assertInstanceOf(
                    JwtVerifier.Result.Valid.class, verify(with("nbf", Date.from(NOW.plus(JwtVerifier.SKEW)))));
            assertInstanceOf(JwtVerifier.Result.Valid.class, verify(with("nbf", null)));
        }

        @Test
        void absurdTimesDoNotBreakTheCheck() {
            refused(with("exp", Long.MIN_VALUE));
            verify(with("nbf", Long.MAX_VALUE));
            verify(with("exp", Long.MAX_VALUE));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b",
                "a.b.c",
                "a.b.c.d.e",
                "e30.e30.e30",
                "\u0000",
                "eyJhbGciOiJSUzI1NiJ9.W10.AA"
            })
    void garbageIsRefused(String token) {
        refused(token);
    }

    @Test
    void hugeTokenIsRefusedUnread() {
        refused("a".repeat(16_385));
        assertTrue(KEY.sign(claims()).length() < 16_384);
    }

    @Test
    void signingKeySurvivesStorageAndKeepsItsPrivatePartToItself() throws ParseException {
        SigningJwk again = SigningJwk.parse(KEY.privateJson());

        assertEquals(KEY.keyId(), again.keyId());
        assertInstanceOf(JwtVerifier.Result.Valid.class, verify(again.sign(claims())));
        assertEquals(false, RSAKey.parse(KEY.publicJson()).isPrivate());
        assertThrows(IllegalArgumentException.class, () -> SigningJwk.parse(KEY.publicJson()));
        assertThrows(IllegalArgumentException.class, () -> SigningJwk.parse("{}"));
        assertThrows(IllegalArgumentException.class, () -> SigningJwk.parse(""));
    }
}
