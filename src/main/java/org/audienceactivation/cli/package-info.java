/** The command line: one class a command. It decides nothing that another use would need too. */
package org.audienceactivation.cli;
