/// The on-premises process: enrols once, keeps tunnels up, serves their streams from permitted
/// backends. Decides nothing about users. Floor 4.
@org.jspecify.annotations.NullMarked
package io.postern.connector;
