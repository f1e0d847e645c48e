/// Reads configuration files into records: every fault at once, each with its path, the value given
/// and the values allowed. Knows no particular configuration.
package io.postern.base.config;
