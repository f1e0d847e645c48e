package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// What every page on the way through the sign-in has.
///
/// @param action where the form posts
/// @param csrf cross-site token
/// @param request the sealed request that continues after sign-in
/// @param ticket sealed proof of the steps before; empty at the first
/// @param application what the user signs in to; empty when unknown
/// @param userName as typed or known; empty at the first step
/// @param error what was wrong; empty at first
/// @param code its number, for example `AADSTS50126`; empty where there is none
/// @param targets see [View#formTargets()]
public record Step(
        String action,
        String csrf,
        String request,
        String ticket,
        String application,
        String userName,
        String error,
        String code,
        List<String> targets,
        Branding branding) {
    public Step {
        targets = List.copyOf(targets);
    }

    public boolean failed() {
        return !error.isEmpty();
    }
}
