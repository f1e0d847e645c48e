package io.postern.identity.signin;

import io.postern.account.Accounts;
import io.postern.account.Methods;
import io.postern.account.PasswordHash;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.identity.access.Access;
import io.postern.identity.factor.Passkeys;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import java.time.Clock;

/// What the steps of the sign-in work with; each takes what it needs.
///
/// @param desk where passwords are checked that are not kept here
/// @param secrets seals what must be read again, such as the keys of one-time passwords
public record Parts(
        Store store,
        Accounts accounts,
        Methods methods,
        PasswordHash hashes,
        PasswordDesk desk,
        Passkeys passkeys,
        BrowserSessions sessions,
        Access access,
        Pages pages,
        FaultWriter faults,
        SignInJournal journal,
        Csrf csrf,
        KeyRing ring,
        Sealer secrets,
        Clock clock) {}
