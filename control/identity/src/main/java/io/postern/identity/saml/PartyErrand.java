package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.identity.signin.Errand;
import io.postern.store.Tenant;
import java.util.List;

/// A sign-in for a service provider, whichever protocol it speaks.
interface PartyErrand extends Errand {
    SamlParty party();

    /// Registered, as the user agent sees it.
    String reply();

    @Override
    default Tenant tenant() {
        return party().tenant();
    }

    @Override
    default AppId client() {
        return party().appId();
    }

    @Override
    default String clientName() {
        return party().name();
    }

    /// None: the forms of the sign-in end at a page of ours, and only that page posts to the service provider.
    @Override
    default List<String> formTargets() {
        return List.of();
    }
}
