package io.postern.bench.micro;

import io.postern.token.JwtVerifier;
import io.postern.token.SigningJwk;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// An access token at the gateway that it sees for the first time: RS256, 2048 bits, the claims that ours have.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BearerBenchmark {
    private static final String ISSUER = "https://login." + World.BASE_DOMAIN + "/" + World.TENANT + "/v2.0";
    private static final String APP = "53344f35-361a-4354-9fff-7c63c0af75b9";

    private final SigningJwk key = SigningJwk.generate();
    private final JwtVerifier verifier =
            new JwtVerifier(List.of(new JwtVerifier.TrustedKey(key.keyId(), ISSUER, key.publicJson())));
    private final Set<String> audiences = Set.of(APP, "api://" + APP);
    private final String good = key.sign(claims());
    private final String forged = SigningJwk.generate().sign(claims());

    @Benchmark
    public JwtVerifier.Result valid() {
        return verifier.verify(good, audiences, World.NOW);
    }

    /// Of a key that is not ours.
    @Benchmark
    public JwtVerifier.Result unknownKey() {
        return verifier.verify(forged, audiences, World.NOW);
    }

    private static Map<String, Object> claims() {
        Instant now = World.NOW;
        var claims = new HashMap<String, Object>();
        claims.put("iss", ISSUER);
        claims.put("aud", APP);
        claims.put("tid", World.TENANT.value());
        claims.put("iat", Date.from(now));
        claims.put("nbf", Date.from(now));
        claims.put("exp", Date.from(now.plusSeconds(3600)));
        claims.put("ver", "2.0");
        claims.put("uti", "1f0a4b6e-7d7e-4f05-8c5f-0f6f3c4e2b11");
        claims.put("sub", "1bd65d5d-0000-4000-8000-000000000001");
        claims.put("oid", "1bd65d5d-0000-4000-8000-000000000001");
        claims.put("preferred_username", "b.simon@contoso.example");
        claims.put("name", "B. Simon");
        claims.put("sid", "1bd65d5d-0000-4000-8000-000000000002");
        claims.put("auth_time", now.getEpochSecond());
        claims.put("amr", List.of("mfa", "otp", "pwd"));
        claims.put("acr", "2");
        claims.put("azp", "6c06b4be-1c9b-4a60-864c-9f840a13e9d1");
        claims.put("scp", "user_impersonation");
        return claims;
    }
}
