package io.postern.domain.signon;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.SharedClaims;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Sign-on of one application, as its administrator set it (3.4). SAML and WS-Federation go by it while the mode is
/// SAML; a linked application uses the sign-on URL only.
///
/// @param identifiers entity ids (`wtrealm` of WS-Federation); the first one is written where one is needed
/// @param replyUrls where assertions may go
/// @param signOnUrl begins a flow of the service provider's own; empty: we begin it
/// @param relayState sent along when we begin
/// @param logoutUrl gets logout messages, by redirect
/// @param notificationAddresses who is told that a certificate ends; at most five
/// @param ownClaims what the application has of its own; what is told of a user says [#claims()]
/// @param shared by which policy of several applications it goes; kept apart from the rest, which is one document
public record SamlSignOn(
        TenantId tenant,
        AppId application,
        SignOnMode mode,
        List<String> identifiers,
        List<ReplyUrl> replyUrls,
        Optional<String> signOnUrl,
        Optional<String> relayState,
        Optional<String> logoutUrl,
        Signing signing,
        Requests requests,
        Encryption encryption,
        List<String> notificationAddresses,
        ClaimsPolicy ownClaims,
        Optional<SharedClaims> shared) {
    private static final int IDENTIFIER_MAX = 1024;
    private static final int LIST_MAX = 256;
    private static final int RELAY_STATE_MAX = 2048;
    private static final int ADDRESSES_MAX = 5;

    /// What of a response is signed, and how (3.4.2).
    ///
    /// @param roleDescriptors the metadata carries them; some service providers refuse such metadata
    public record Signing(Option option, Signing.Algorithm algorithm, boolean roleDescriptors) {
        public static final Signing DEFAULT = new Signing(Option.ASSERTION, Signing.Algorithm.SHA256, true);

        public enum Option {
            ASSERTION,
            RESPONSE,
            BOTH
        }

        public enum Algorithm {
            SHA256,
            SHA1
        }
    }

    /// What requests must prove (3.4.2).
    ///
    /// @param required unsigned requests are refused, and nothing is begun by us
    /// @param allowSha1 RSA-SHA1 counts as a signature
    /// @param certificates whose keys prove requests
    public record Requests(boolean required, boolean allowSha1, List<PartnerCertificate> certificates) {
        public static final Requests DEFAULT = new Requests(false, false, List.of());

        public Requests {
            certificates = List.copyOf(certificates);
            if (required && certificates.isEmpty()) {
                throw new ClaimsFault(
                        "certificates",
                        "signed requests are required, but there is no certificate to check them with; add the one of"
                                + " the service provider or leave required off");
            }
        }
    }

    /// For whom assertions are encrypted (3.4.2).
    ///
    /// @param active the certificate in use; empty: no encryption
    /// @param algorithm of the assertion itself; its key is always wrapped by RSA-OAEP
    public record Encryption(
            List<PartnerCertificate> certificates, Optional<String> active, Encryption.Algorithm algorithm) {
        public static final Encryption NONE =
                new Encryption(List.of(), Optional.empty(), Encryption.Algorithm.AES256_CBC);

        /// The best that the service provider can decrypt: GCM where its metadata say so, CBC where nobody knows.
        public enum Algorithm {
            AES256_GCM,
            AES128_GCM,
            AES256_CBC,
            AES128_CBC
        }

        public Encryption {
            certificates = List.copyOf(certificates);
            for (String id : active.stream().toList()) {
                if (certificates.stream().noneMatch(c -> c.keyId().equals(id))) {
                    throw new ClaimsFault(
                            "activeKeyId",
                            "no encryption certificate has the id '" + id + "'; add it first, then make it active");
                }
            }
        }

        public Optional<PartnerCertificate> inUse() {
            return active.flatMap(id ->
                    certificates.stream().filter(c -> c.keyId().equals(id)).findFirst());
        }
    }

    public SamlSignOn {
        identifiers = List.copyOf(identifiers);
        replyUrls = List.copyOf(replyUrls);
        notificationAddresses = List.copyOf(notificationAddresses);
        checkIdentifiers(identifiers);
        checkReplyUrls(replyUrls);
        signOnUrl.ifPresent(url -> Addresses.secure("loginUrl", url));
        logoutUrl.ifPresent(url -> Addresses.secure("logoutUrl", url));
        relayState.filter(state -> state.length() > RELAY_STATE_MAX).ifPresent(state -> {
            throw new ClaimsFault(
                    "relayState",
                    "the relay state has " + state.length() + " characters; " + RELAY_STATE_MAX + " are possible");
        });
        if (notificationAddresses.size() > ADDRESSES_MAX) {
            throw new ClaimsFault(
                    "notificationEmailAddresses",
                    notificationAddresses.size() + " addresses are given; " + ADDRESSES_MAX + " are possible");
        }
        for (String address : notificationAddresses) {
            if (!address.matches("[^@\\s]{1,64}@[^@\\s]{1,190}")) {
                throw new ClaimsFault("notificationEmailAddresses", "'" + address + "' is no mail address");
            }
        }
    }

    /// Goes by no shared policy.
    public SamlSignOn(
            TenantId tenant,
            AppId application,
            SignOnMode mode,
            List<String> identifiers,
            List<ReplyUrl> replyUrls,
            Optional<String> signOnUrl,
            Optional<String> relayState,
            Optional<String> logoutUrl,
            Signing signing,
            Requests requests,
            Encryption encryption,
            List<String> notificationAddresses,
            ClaimsPolicy claims) {
        this(
                tenant,
                application,
                mode,
                identifiers,
                replyUrls,
                signOnUrl,
                relayState,
                logoutUrl,
                signing,
                requests,
                encryption,
                notificationAddresses,
                claims,
                Optional.empty());
    }

    /// Nothing is set yet.
    public static SamlSignOn of(TenantId tenant, AppId application) {
        return new SamlSignOn(
                tenant,
                application,
                SignOnMode.NOT_SUPPORTED,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Signing.DEFAULT,
                Requests.DEFAULT,
                Encryption.NONE,
                List.of(),
                ClaimsPolicy.DEFAULT);
    }

    /// What is told of a user, in assertions and tokens alike.
    public ClaimsPolicy claims() {
        return shared.map(policy -> policy.mapping().over(ownClaims)).orElse(ownClaims);
    }

    public SamlSignOn with(ClaimsPolicy own, Optional<SharedClaims> policy) {
        return new SamlSignOn(
                tenant,
                application,
                mode,
                identifiers,
                replyUrls,
                signOnUrl,
                relayState,
                logoutUrl,
                signing,
                requests,
                encryption,
                notificationAddresses,
                own,
                policy);
    }

    /// The same where nobody has the shared policy: what it says stands in the claims of its own.
    public SamlSignOn alone() {
        return with(claims(), Optional.empty());
    }

    /// Where an assertion goes that nobody asked to send elsewhere.
    public Optional<ReplyUrl> defaultReplyUrl() {
        return replyUrls.stream()
                .filter(ReplyUrl::isDefault)
                .findFirst()
                .or(() -> replyUrls.stream().findFirst());
    }

    /// The registered one that a request names, letter by letter.
    public Optional<ReplyUrl> replyUrl(String url) {
        return replyUrls.stream().filter(reply -> reply.url().equals(url)).findFirst();
    }

    public Optional<ReplyUrl> replyUrl(int index) {
        return replyUrls.stream()
                .filter(reply -> reply.index().equals(OptionalInt.of(index)))
                .findFirst();
    }

    /// A flow may begin here: the application does not insist on signed requests (3.4.2).
    public boolean mayBeginHere() {
        return mode == SignOnMode.SAML && !requests.required() && !replyUrls.isEmpty();
    }

    /// Where a browser begins, as the tile opens it (3.4.3): the sign-on URL, else we begin. Empty when the application
    /// has nowhere to begin, or no sign-on here.
    public Optional<String> start(SignOnAddresses addresses) {
        return switch (mode) {
            case SAML ->
                signOnUrl.or(() -> mayBeginHere() ? Optional.of(addresses.launch(application)) : Optional.empty());
            case OIDC, LINKED, PASSWORD -> signOnUrl;
            case NOT_SUPPORTED -> Optional.empty();
        };
    }

    /// What this application still lacks to be signed on to by SAML, one sentence each; empty when nothing.
    public List<String> missing() {
        if (mode != SignOnMode.SAML) {
            return List.of();
        }
        var missing = new java.util.ArrayList<String>();
        if (identifiers.isEmpty()) {
            missing.add("no identifier (entity id) is set; requests of the application cannot be recognised");
        }
        if (replyUrls.isEmpty()) {
            missing.add("no reply URL is set; there is nowhere to send an assertion");
        }
        if (requests.required() && signOnUrl.isEmpty()) {
            missing.add("signed requests are required and no sign-on URL is set; the tile cannot open the application");
        }
        return List.copyOf(missing);
    }

    private static void checkIdentifiers(List<String> identifiers) {
        Set<String> seen = new HashSet<>();
        if (identifiers.size() > LIST_MAX) {
            throw new ClaimsFault("identifierUris", identifiers.size() + " identifiers; " + LIST_MAX + " are possible");
        }
        for (String identifier : identifiers) {
            if (identifier.isBlank()
                    || identifier.length() > IDENTIFIER_MAX
                    || identifier.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new ClaimsFault(
                        "identifierUris",
                        "'" + identifier + "' cannot be an identifier; use 1 to " + IDENTIFIER_MAX + " characters");
            }
            if (!seen.add(identifier)) {
                throw new ClaimsFault("identifierUris", "identifier '" + identifier + "' is there twice");
            }
        }
    }

    private static void checkReplyUrls(List<ReplyUrl> replyUrls) {
        Set<String> urls = new HashSet<>();
        Set<Integer> indexes = new HashSet<>();
        if (replyUrls.size() > LIST_MAX) {
            throw new ClaimsFault("replyUrls", replyUrls.size() + " reply URLs; " + LIST_MAX + " are possible");
        }
        for (ReplyUrl reply : replyUrls) {
            if (!urls.add(reply.url())) {
                throw new ClaimsFault("replyUrls", "reply URL '" + reply.url() + "' is there twice");
            }
            reply.index().ifPresent(index -> {
                if (index < 0 || index > 65_535 || !indexes.add(index)) {
                    throw new ClaimsFault("replyUrls", "index " + index + " is there twice or not between 0 and 65535");
                }
            });
        }
        if (replyUrls.stream().filter(ReplyUrl::isDefault).count() > 1) {
            throw new ClaimsFault("replyUrls", "two reply URLs are marked as default; keep one mark");
        }
    }
}
