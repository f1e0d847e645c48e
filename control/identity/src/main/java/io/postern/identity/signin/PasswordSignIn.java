package io.postern.identity.signin;

import io.postern.account.Methods;
import io.postern.account.PasswordHash;
import io.postern.account.SignInName;
import io.postern.account.UserName;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.account.onpremises.PasswordPlace;
import io.postern.base.Secret;
import io.postern.identity.session.Proof;
import io.postern.identity.signin.SignInResult.Reason;
import io.postern.identity.signin.SignInResult.Refused;
import io.postern.identity.signin.SignInResult.Welcome;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.KeyRing;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks a name and a password, the password here or in the user's directory on premises, or a name and a temporary access pass. Every way to be wrong takes one hash
/// computation
/// and gives the same answer, so neither time nor text tells whether a user exists. Thread-safe.
public final class PasswordSignIn {
    private static final Logger LOG = LoggerFactory.getLogger("io.postern.signin");

    private final Store store;
    private final PasswordHash hashes;
    private final Methods methods;
    private final Guesses guesses;
    private final OnPremisesCheck onPremises;
    private final AddressThrottle throttle;
    private final News news;

    public PasswordSignIn(
            Store store, PasswordHash hashes, PasswordDesk desk, Methods methods, KeyRing ring, Clock clock) {
        this.store = store;
        this.hashes = hashes;
        this.methods = methods;
        this.onPremises = new OnPremisesCheck(desk, store, ring, clock);
        this.guesses = new Guesses(store, ring, clock);
        this.throttle = new AddressThrottle(clock);
        this.news = new News(clock);
    }

    /// @param pass `typed` is a temporary access pass
    public SignInResult attempt(Tenant tenant, String typedName, Secret typed, boolean pass, RequestFacts facts) {
        SignInResult result = throttle.enter(facts.clientAddress())
                ? check(tenant, typedName, typed, pass)
                : new Refused(
                        Reason.THROTTLED,
                        AddressThrottle.WINDOW,
                        news.isFirst(tenant.id() + " " + facts.clientAddress()),
                        "");
        switch (result) {
            case Welcome(User user, Set<String> proved, String details) -> {
                throttle.succeeded(facts.clientAddress());
                log("success", tenant, Optional.of(user), facts);
            }
            case Refused refused when !refused.news() -> LOG.debug("sign-in result={} again", refused.reason());
            case Refused refused -> log(refused.reason().name(), tenant, known(tenant, typedName), facts);
        }
        return result;
    }

    private SignInResult check(Tenant tenant, String typedName, Secret typed, boolean pass) {
        Optional<User> user = known(tenant, typedName);
        // whichever of his names was typed, tries count on one; a name that can be nobody's takes as long as if it were
        String account = user.map(User::userPrincipalName)
                .or(() -> UserName.read(typedName).map(UserName::value))
                .orElse("");
        Optional<PasswordPlace> elsewhere =
                pass ? Optional.empty() : user.flatMap(found -> store.read(s -> PasswordPlace.of(s, found)));
        if (elsewhere.isPresent()) {
            OnPremisesCheck.Checked checked = onPremises.check(account, typed, elsewhere.get());
            return checked.refusal()
                    .<SignInResult>map(refused -> refused)
                    .orElseGet(() -> admit(tenant, user.orElseThrow(), false, checked.details()));
        }
        return switch (guesses.guess(account, typed, () -> isRight(user, typed, pass))) {
            case Guesses.Result.Right right -> admit(tenant, user.orElseThrow(), pass, "");
            case Guesses.Result.Wrong wrong -> new Refused(pass ? Reason.WRONG_PASS : Reason.WRONG);
            case Guesses.Result.Locked(Duration remaining) -> new Refused(Reason.LOCKED, remaining);
            case Guesses.Result.Busy(Duration retryAfter) ->
                new Refused(Reason.BUSY, retryAfter, news.isFirst(tenant.id().value()), "");
        };
    }

    private boolean isRight(Optional<User> user, Secret typed, boolean pass) {
        return pass
                ? methods.usePass(user, typed)
                : user.flatMap(User::passwordHash)
                        .map(hash -> hashes.verify(hash, typed))
                        .orElseGet(() -> hashes.refuse(typed));
    }

    /// The password is right: from here on the truth may be told.
    private static SignInResult admit(Tenant tenant, User user, boolean pass, String details) {
        if (!user.tenant().equals(tenant.id())) {
            return new Refused(Reason.OTHER_TENANT);
        }
        if (!user.accountEnabled()) {
            return new Refused(Reason.DISABLED);
        }
        return new Welcome(user, pass ? Set.of(Proof.TEMPORARY_PASS) : Set.of(Proof.PASSWORD), details);
    }

    private Optional<User> known(Tenant tenant, String typedName) {
        return store.read(s -> SignInName.find(s, tenant.id(), typedName));
    }

    /// Names that nobody has are not logged: people type passwords into the wrong field.
    private static void log(String result, Tenant tenant, Optional<User> user, RequestFacts facts) {
        LOG.info(
                "sign-in result={} tenant={} userPrincipalName={} clientAddress={} exchange={}",
                result,
                tenant.name(),
                user.map(User::userPrincipalName).orElse("unknown"),
                facts.clientAddress(),
                facts.exchange());
    }
}
