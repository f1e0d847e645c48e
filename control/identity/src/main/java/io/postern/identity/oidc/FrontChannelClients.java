package io.postern.identity.oidc;

import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.identity.protocol.FrontChannel;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import java.util.List;

/// Clients of OpenID Connect Front-Channel Logout.
public final class FrontChannelClients implements FrontChannel {
    private final Store store;
    private final RelyingParties parties;
    private final ServiceAddress address;

    public FrontChannelClients(Store store, ServiceAddress address) {
        this.store = store;
        this.parties = new RelyingParties(store);
        this.address = address;
    }

    @Override
    public List<Frame> frames(Tenant tenant, SessionId session) {
        return store.read(s -> s.sessionClients().of(tenant.id(), session)).stream()
                .flatMap(row -> parties.find(tenant, row.appId()).stream())
                .flatMap(party -> party
                        .settings()
                        .frontChannelLogoutUrl()
                        .map(url -> new Frame(new AppId(party.appId()), of(tenant, session, url)))
                        .stream())
                .toList();
    }

    private String of(Tenant tenant, SessionId session, String url) {
        return url + (url.indexOf('?') < 0 ? "?" : "&") + "iss=" + Parameters.encode(address.issuer(tenant.id()))
                + "&sid=" + session;
    }
}
