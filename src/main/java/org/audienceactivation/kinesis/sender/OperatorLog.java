package org.audienceactivation.kinesis.sender;

/** Where those are told who must act. */
interface OperatorLog extends StreamHealth.Log, SkewWatch.Log {}
