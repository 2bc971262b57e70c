/**
 * The Camel shell: the application that is put together from a home folder, the body types that
 * travel through its routes, and one processor for each verb of the pipeline.
 *
 * <p>Processors decide nothing about profiles: they hand each record of a batch to the functional
 * core and keep what it answered. This room may use all others but the command line.
 */
package org.audienceactivation.route;
