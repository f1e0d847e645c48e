package io.postern.gateway.route;

import io.postern.domain.ExternalUrl;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication;

/// One folder that the gateway answers, and whose it is.
///
/// @param url external or alternate URL of the place
record Entry(ExternalUrl url, PublishedApplication application, Place place, Rank rank) {
    /// Whose folder it is where several have the same: the first of these (CPX-2).
    enum Rank {
        APPLICATION,
        SEGMENT,
        /// An alternate URL takes nothing from those that have the URL as their own.
        ALTERNATE
    }
}
