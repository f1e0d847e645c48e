package io.postern.admin.service;

import io.postern.domain.AppId;

/// The applications that Postern itself registers, in the service's first tenant. Their ids are the same
/// in every installation, as clients of the API must know one before they can ask anything.
public final class SystemApplications {
    /// The API as a resource that access tokens are for.
    public static final AppId API = new AppId("00000003-0000-4000-8000-706f73746572");
    /// The page of tiles, which the gateway signs users in to.
    public static final AppId MY_APPS = new AppId("00000004-0000-4000-8000-706f73746572");
    /// Whose API token the quickstart keeps in its data folder.
    public static final AppId QUICKSTART = new AppId("00000005-0000-4000-8000-706f73746572");

    private SystemApplications() {}
}
