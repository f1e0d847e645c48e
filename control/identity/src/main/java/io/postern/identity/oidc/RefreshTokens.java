package io.postern.identity.oidc;

import io.postern.account.Accounts;
import io.postern.base.Secret;
import io.postern.domain.SessionId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Opaque;
import io.postern.store.AuditEntry;
import io.postern.store.RefreshFamily;
import io.postern.store.RevocationStore;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.web.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Refresh tokens: opaque, redeemed once each, each redemption giving the successor (RFC 9700 §4.14.2). A token of a
/// family that is not its newest was stolen or is used twice: that ends the family, with its access tokens.
///
/// A successor is derived from its predecessor, so a client that lost our answer may ask again for a short while
/// and gets the same one; docs/decisions/2026-11-22-refresh-retries.md says why.
final class RefreshTokens {
    /// Each redemption begins it anew (4.6).
    static final Duration IDLE_MAX = Duration.ofDays(90);
    /// Of a page in a browser, counted from the sign-in.
    static final Duration SPA_LIFETIME = Duration.ofHours(24);
    /// How long a redemption may be repeated.
    static final Duration RETRY = Duration.ofSeconds(30);

    static final String PREFIX = "prt_"; // for people and for scanners that look for secrets
    private static final Pattern TOKEN = Pattern.compile(PREFIX + "([0-9a-f]{32})_([A-Za-z0-9_-]{43})");
    private static final Logger LOG = LoggerFactory.getLogger(RefreshTokens.class);

    private static final int SECRET_BYTES = 32;
    private static final int HALF = SECRET_BYTES / 2; // 128 bits nobody guesses
    private static final String MARK = "refresh-mark";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    /// What a family stands for.
    ///
    /// @param page it belongs to a page in a browser: a fixed end
    /// @param secretDue the client proved itself when it got the family, and must again
    record Content(UserGrant grant, boolean page, boolean secretDue) {
        String toJson() {
            ObjectNode json = grant.toJson();
            json.put("page", page);
            json.put("secretDue", secretDue);
            return json.toString();
        }

        static Content parse(String text) {
            JsonNode json = Json.MAPPER.readTree(text);
            return new Content(
                    UserGrant.parse(json),
                    json.path("page").asBoolean(),
                    json.path("secretDue").asBoolean());
        }
    }

    private record Presented(SessionId family, String secret) {
        String hash() {
            return Opaque.hash(secret);
        }
    }

    sealed interface Found {
        /// @param next what the client gets in its place
        record Holds(RefreshFamily family, Content content, Next next) implements Found {}

        record Refused(Fault fault) implements Found {}
    }

    /// The successor of a token that was found to hold, not yet in force.
    record Next(Presented presented, String secret) {
        String token() {
            return text(presented.family(), secret);
        }
    }

    private final Store store;
    private final KeyRing ring;
    private final Clock clock;

    RefreshTokens(Store store, KeyRing ring, Clock clock) {
        this.store = store;
        this.ring = ring;
        this.clock = clock;
    }

    /// @param family becomes the `sid` of the access tokens
    /// @return the first token
    String begin(SessionId family, Content content, Optional<String> codeHash) {
        byte[] random = new byte[SECRET_BYTES];
        RANDOM.nextBytes(random);
        String secret = marked(family, random);
        Instant now = clock.instant();
        UserGrant grant = content.grant();
        store.write(s -> {
            s.refreshFamilies()
                    .insert(new RefreshFamily(
                            grant.tenant(),
                            family,
                            grant.user(),
                            grant.appId(),
                            grant.session(),
                            codeHash,
                            content.toJson(),
                            Opaque.hash(secret),
                            Optional.empty(),
                            0,
                            now,
                            now,
                            expiry(content, now),
                            Optional.empty(),
                            Optional.empty()));
            return family;
        });
        return text(family, secret);
    }

    /// Looks at a token without redeeming it. One that was redeemed before ends its family here.
    Found find(RelyingParty client, String token, Optional<String> address) {
        Instant now = clock.instant();
        Optional<Presented> presented = parse(token);
        Optional<RefreshFamily> found =
                presented.flatMap(p -> store.read(s -> s.refreshFamilies().find(p.family())));
        if (found.isEmpty()) {
            return new Found.Refused(Fault.refreshUnknown());
        }
        RefreshFamily family = found.get();
        if (!family.tenant().equals(client.principal().tenant())
                || !family.appId().equals(client.appId())) {
            return new Found.Refused(Fault.refreshOfOther());
        }
        Content content = Content.parse(family.payload());
        if (family.ended().isPresent()) {
            return new Found.Refused(ended(content.grant()));
        }
        if (!now.isBefore(family.expires())) {
            return new Found.Refused(content.page() ? Fault.refreshUnknown() : Fault.refreshIdle());
        }
        var next = new Next(presented.get(), successor(presented.get()));
        if (!presented.get().hash().equals(family.currentHash()) && !isRetry(family, next, now)) {
            return isOurs(family, presented.get())
                    ? reused(family, address, now)
                    : new Found.Refused(Fault.refreshUnknown());
        }
        return new Found.Holds(family, content, next);
    }

    /// The user may come in no more, everything of his was taken back, or this alone.
    private Fault ended(UserGrant grant) {
        return store.read(s -> s.users().find(grant.tenant(), grant.user()))
                .flatMap(user -> {
                    if (!user.accountEnabled()) {
                        return Optional.of(Fault.userDisabled());
                    }
                    boolean all = grant.authenticated()
                            .isBefore(user.sessionsValidFrom().truncatedTo(ChronoUnit.SECONDS));
                    return all ? Optional.of(Fault.freshTokenNeeded()) : Optional.empty();
                })
                .orElseGet(Fault::refreshEnded);
    }

    /// Puts the successor in force. Of several at once one does; the others find it done, and that is all right for
    /// a retry. Empty when meanwhile something else happened to the family.
    boolean rotate(RefreshFamily family, Content content, Next next) {
        Instant now = clock.instant();
        boolean rotated = store.write(s -> s.refreshFamilies()
                .rotate(family.id(), next.presented().hash(), Opaque.hash(next.secret()), now, expiry(content, now)));
        return rotated
                || store.read(s -> s.refreshFamilies().find(family.id()))
                        .filter(other -> other.ended().isEmpty() && isRetry(other, next, now))
                        .isPresent();
    }

    /// The token just redeemed comes again, and its successor has not been used.
    private static boolean isRetry(RefreshFamily family, Next next, Instant now) {
        return family.previousHash().filter(next.presented().hash()::equals).isPresent()
                && family.currentHash().equals(Opaque.hash(next.secret()))
                && now.isBefore(family.rotated().plus(RETRY));
    }

    private Found reused(RefreshFamily family, Optional<String> address, Instant now) {
        boolean ended = store.write(s -> {
            boolean first = end(s, family, now, "reuse");
            if (first) {
                s.audit()
                        .append(AuditEntry.of(
                                        family.tenant(),
                                        now,
                                        "Revoke refresh token used twice",
                                        "UserManagement",
                                        AuditEntry.Initiator.of("", "Postern", address),
                                        new AuditEntry.Target(
                                                "User", family.user().value(), userName(s, family)))
                                .with(Map.of(
                                        "appId",
                                        family.appId(),
                                        "sessionId",
                                        family.session().value())));
            }
            return first;
        });
        if (ended) {
            LOG.warn(
                    "refresh token used twice, its family ended tenant={} appId={} userId={} family={}",
                    family.tenant(),
                    family.appId(),
                    family.user(),
                    family.id());
        }
        return new Found.Refused(Fault.refreshReused());
    }

    private static String userName(Stores stores, RefreshFamily family) {
        return stores.users()
                .find(family.tenant(), family.user())
                .map(User::userPrincipalName)
                .orElse(family.user().value());
    }

    /// Ends a family with the access tokens that came from it, at every gateway. @return false when it had ended
    static boolean end(Stores stores, RefreshFamily family, Instant now, String reason) {
        boolean ended = stores.refreshFamilies().end(family.tenant(), family.id(), now, reason);
        if (ended) {
            stores.revocations()
                    .endSession(new RevocationStore.EndedSession(
                            family.tenant(), family.id(), now.plus(Accounts.PROOF_LIFETIME_MAX)));
            stores.changes().bump();
        }
        return ended;
    }

    /// Does the text look like one of ours?
    static boolean isRefreshToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    private Instant expiry(Content content, Instant now) {
        return content.page() ? content.grant().authenticated().plus(SPA_LIFETIME) : now.plus(IDLE_MAX);
    }

    private static Optional<Presented> parse(String token) {
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String hex = parts.group(1);
        String id = hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
        return Optional.of(new Presented(new SessionId(id), parts.group(2)));
    }

    private static String text(SessionId family, String secret) {
        return PREFIX + family.value().replace("-", "") + "_" + secret;
    }

    private String successor(Presented presented) {
        String of = presented.family() + " " + presented.secret();
        return marked(
                presented.family(),
                mac(ring.deriveSecret("refresh-successor"), of.getBytes(StandardCharsets.US_ASCII)));
    }

    /// The first half is random, or follows from the predecessor; the second half is a mark of it that only we can
    /// make. Families stand in access tokens, as their `sid`: without the mark whoever reads one could make up a
    /// token of the family, and have it taken for a stolen one.
    private String marked(SessionId family, byte[] random) {
        byte[] mark = mark(ring.deriveSecret(MARK), family, random);
        byte[] secret = Arrays.copyOf(random, SECRET_BYTES);
        System.arraycopy(mark, 0, secret, HALF, HALF);
        return TO_TEXT.encodeToString(secret);
    }

    /// Whether the token was of the family once. Who makes one up knows the family's id at most.
    private boolean isOurs(RefreshFamily family, Presented presented) {
        if (family.previousHash().filter(presented.hash()::equals).isPresent()) {
            return true;
        }
        byte[] secret = Base64.getUrlDecoder().decode(presented.secret());
        byte[] mark = Arrays.copyOfRange(secret, HALF, SECRET_BYTES);
        return ring.deriveSecrets(MARK).stream()
                .anyMatch(key ->
                        MessageDigest.isEqual(mark, Arrays.copyOf(mark(key, presented.family(), secret), HALF)));
    }

    private static byte[] mark(Secret key, SessionId family, byte[] secret) {
        byte[] of = family.value().getBytes(StandardCharsets.US_ASCII);
        return mac(
                key,
                ByteBuffer.allocate(of.length + HALF)
                        .put(of)
                        .put(secret, 0, HALF)
                        .array());
    }

    private static byte[] mac(Secret key, byte[] of) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
            return mac.doFinal(of);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
