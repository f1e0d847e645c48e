/// Translation of URLs in header fields between inside and outside (section 1.9), and the guard over
/// cookies that backends set. Pure functions over text: no network, no clock, no state. Floor 2.
///
/// A value that does not read as it should passes unchanged: translation is a convenience and must
/// not break an answer. The guard is a promise and drops what it cannot vouch for.
package io.postern.translate;
