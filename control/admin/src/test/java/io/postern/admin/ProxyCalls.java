package io.postern.admin;

import io.postern.domain.ConnectorId;
import io.postern.fixtures.DnsServer;
import io.postern.store.ConnectorUpdate;
import java.time.Instant;
import java.util.Optional;

/// What is written of publications, domains, certificates and connectors.
final class ProxyCalls extends WritingTable {
    ProxyCalls(Installation service, DnsServer dns) {
        super(service, dns);
        proxy();
        connectors();
    }

    private void proxy() {
        String publishing = "/applications/{id}/onPremisesPublishing";
        one(
                "PATCH " + publishing,
                "Update application",
                () -> ask("{\"internalUrl\":\"http://other.corp/\"}", published()));
        several(
                "PATCH " + publishing,
                "for the first time",
                "nobody could be assigned without a service principal",
                () -> ask("{\"internalUrl\":\"http://" + name() + ".corp/\"}", app()),
                "Update application",
                "Add service principal");
        nothing(
                "POST " + publishing + "/preflight",
                "makes a connector look at the backend",
                () -> ask("{}", published()));
        nothing("POST " + publishing + "/probe", "makes connectors ask the backend", () -> ask("{}", published()));
        one(
                "POST " + publishing + "/testSignOn",
                "Test sign-on of application",
                () -> ask("{\"user\":\"" + user() + "\"}", kerberos()));
        nothing(
                "POST " + publishing + "/previewHeaders",
                "shows what would be told",
                () -> ask(
                        "{\"user\":\"" + user() + "\",\"headerSignOnSettings\":{\"headers\":[{\"name\":\"X-User\","
                                + "\"configurations\":[{\"attribute\":\"mail\"}]}]}}",
                        published()));
        nothing("POST " + publishing + "/previewIdentityToken", "shows what would be told", () -> {
            String app = published();
            made(service.api(
                    "PATCH",
                    "/applications/" + app,
                    "{\"onPremisesPublishing\":{\"singleSignOnSettings\":{\"identityToken\":{}}}}"));
            return ask("{\"user\":\"" + user() + "\"}", app);
        });
        one("POST " + publishing + "/linkReport", "Record links of application", () -> ask("{}", published()));
        one("DELETE " + publishing + "/linkReport", "Forget links of application", () -> ask("", published()));
        String ref = "/applications/{id}/connectorGroup/$ref";
        one("PUT " + ref, "Update application", () -> ask(odata("connectorGroups", connectorGroup()), app()));
        one("DELETE " + ref, "Update application", () -> {
            String app = app();
            made(service.api(
                    "PUT",
                    "/applications/" + app + "/connectorGroup/$ref",
                    odata("connectorGroups", connectorGroup())));
            return ask("", app);
        });
        String apply = "POST " + PP + "/declarations/apply";
        several(
                apply,
                "",
                "declares an application, which brings its service principal",
                () -> ask(declared(false)),
                "Add application",
                "Add service principal");
        nothing(apply, "plans only", () -> ask(declared(true)));
        one("POST /certificates", "Add certificate", () -> ask(hostCertificate()));
        one(
                "DELETE /certificates/{id}",
                "Remove certificate",
                () -> ask(
                        "",
                        made(service.post("/certificates", hostCertificate())).text("/id")));
        one("POST /certificateOrders", "Order certificate", () -> ask("{\"hosts\":[\"a." + domain(true) + "\"]}"));
        one(
                "DELETE /certificateOrders/{id}",
                "Cancel certificate order",
                () -> ask(
                        "",
                        made(service.post("/certificateOrders", "{\"hosts\":[\"a." + domain(true) + "\"]}"))
                                .text("/id")));
        String traces = PP + "/traces";
        one("POST " + traces, "Start trace of exchanges", () -> ask(trace()));
        one("DELETE " + traces + "/{id}", "Delete trace of exchanges", () -> ask("", traced()));
        one("POST " + traces + "/{id}/end", "End trace of exchanges", () -> ask("{}", traced()));
        one("POST " + traces + "/{id}/read", "Read trace of exchanges", () -> ask("{}", traced()));
    }

    private String trace() {
        return "{\"applicationId\":\"" + published() + "\",\"userId\":\"" + service.user.id() + "\"}";
    }

    private String traced() {
        return made(service.post(PP + "/traces", trace())).text("/id");
    }

    private void connectors() {
        one(
                "PATCH " + PP,
                "Set update policy of connectors",
                () -> ask("{\"hybridAgentUpdaterConfiguration\":{\"allowUpdateConfigurationOverride\":true}}"));
        String one = PP + "/connectors/{id}";
        one("POST " + one + "/update", "Request connector update", () -> {
            ConnectorId id = connector();
            service.store.write(stores -> {
                stores.updates()
                        .put(new ConnectorUpdate(
                                service.tenant.id(),
                                id,
                                "1.0",
                                Optional.of("1.1"),
                                Optional.empty(),
                                false,
                                ConnectorUpdate.State.WAITING,
                                "",
                                Instant.now(),
                                Optional.of(Instant.now())));
                return true;
            });
            return ask("{}", id.value());
        });
        one(
                "PATCH " + one,
                "Disable connector",
                () -> ask("{\"accountEnabled\":false}", connector().value()));
        one("DELETE " + one, "Delete connector", () -> ask("", connector().value()));
        one(
                "POST " + one + "/memberOf/$ref",
                "Add a connector to connector group",
                () -> ask(
                        odata("connectorGroups", connectorGroup()), connector().value()));
        one("POST " + PP + "/connectorGroups", "Add connector group", () -> ask("{\"name\":\"" + name() + "\"}"));
        one(
                "PATCH " + PP + "/connectorGroups/{id}",
                "Update connector group",
                () -> ask("{\"name\":\"" + name() + "\"}", connectorGroup()));
        one("DELETE " + PP + "/connectorGroups/{id}", "Delete connector group", () -> ask("", connectorGroup()));
        one("POST " + PP + "/connectorTokens", "Add connector token", () -> ask("{}"));
        one(
                "DELETE " + PP + "/connectorTokens/{id}",
                "Remove connector token",
                () -> ask("", made(service.post(PP + "/connectorTokens", "{}")).text("/id")));
    }
}
