suppressMessages({library(survival); library(etm)})
num <- function(x) sprintf("%.16g", x)
js <- function(m) if (is.matrix(m)) paste0("[", paste(apply(m, 1, function(r) paste0("[", paste(num(r), collapse=","), "]")), collapse=","), "]") else paste0("[", paste(num(m), collapse=","), "]")
out <- c()
add <- function(k, v) out <<- c(out, paste0(' "', k, '": ', v))
run <- function(name, d, st, at, until, s) {
  d$ev <- factor(ifelse(d$to=="", "censor", d$to), c("censor", st)); d$ist <- factor(d$from, st); dd <<- d
  ii <- function(f) findInterval(at, f$time)
  f <- survfit(Surv(start,stop,ev)~1, data=dd, id=id, istate=ist, influence=TRUE)
  add(paste0(name, ".times"), js(at)); add(paste0(name, ".initial"), js(f$p0))
  add(paste0(name, ".probability"), js(f$pstate[ii(f),])); add(paste0(name, ".error"), js(f$std.err[ii(f),]))
  S <- summary(f, rmean=until)$table; add(paste0(name, ".time"), js(S[,3])); add(paste0(name, ".time_error"), js(S[,4]))
  p0 <- seq_along(st)/sum(seq_along(st)); p0 <- c(rev(p0)[-length(p0)], 0); p0 <- p0/sum(p0)
  f <- survfit(Surv(start,stop,ev)~1, data=dd, id=id, istate=ist, p0=p0)
  add(paste0(name, ".given"), js(p0)); add(paste0(name, ".given_probability"), js(f$pstate[ii(f),])); add(paste0(name, ".given_error"), js(f$std.err[ii(f),]))
  for (ct in c("log","log-log","plain")) { f <- survfit(Surv(start,stop,ev)~1, data=dd, id=id, istate=ist, p0=p0, conf.type=ct); add(paste0(name,".low.",ct), js(f$lower[ii(f),])); add(paste0(name,".high.",ct), js(f$upper[ii(f),])) }
  f <- survfit(Surv(start,stop,ev)~1, data=dd, id=id, istate=ist, weights=weight, influence=TRUE)
  ix <- ii(f); inf <- f$influence.pstate; if (is.list(inf)) inf <- inf[[1]]
  w <- tapply(dd$weight, dd$id, mean)[dimnames(inf)[[1]]]; cl <- tapply(dd$cluster, dd$id, mean)[dimnames(inf)[[1]]]
  add(paste0(name, ".weighted_probability"), js(f$pstate[ix,])); add(paste0(name, ".weighted_error"), js(f$std.err[ix,]))
  cse <- t(sapply(ix, function(i) sqrt(colSums(rowsum(inf[,i+1,]*as.vector(w), cl)^2)))); add(paste0(name, ".cluster_error"), js(cse))
  # etm
  tra <- matrix(FALSE, length(st), length(st), dimnames=list(st,st)); ok <- d$to!="" & d$to!=d$from; tra[cbind(match(d$from[ok],st), match(d$to[ok],st))] <- TRUE
  e <- data.frame(id=d$id, from=d$from, to=ifelse(d$to=="","cens",d$to), entry=d$start, exit=d$stop)
  g <- etm(e, st, tra, "cens", s, "last", covariance=TRUE)
  last <- at[c(4, length(at))]; j <- findInterval(last, g$time)
  add(paste0(name, ".since"), num(s)); add(paste0(name, ".covariance_at"), js(last))
  for (q in 1:2) { add(paste0(name, ".transition", q), js(g$est[,,j[q]])); cv <- g$cov[,,j[q]]; k <- which(cv != 0, arr.ind=TRUE); k <- k[k[,1] <= k[,2],,drop=FALSE]
    nm <- do.call(rbind, strsplit(dimnames(g$cov)[[1]], " ")); a <- match(nm[,1],st)-1; b <- match(nm[,2],st)-1
    add(paste0(name, ".covariance", q), js(cbind(a[k[,1]], b[k[,1]], a[k[,2]], b[k[,2]], cv[k]))) }
}
h <- read.csv("heart.csv", colClasses=c(from="character",to="character")); h$weight <- 1 + (as.integer(h$id) %% 3)/2; h$cluster <- as.integer(h$id) %% 7
run("heart", h, c("wait","tx","dead"), c(1,10,35.5,90,200,500,1000), 1000, 30)
x <- read.csv("hostile.csv", colClasses=c(from="character",to="character"))
run("hostile", x, c("well","ill","worse","dead"), c(1,2,3,5,8,12,17,23), 20, 4)
# one clock
d1 <- x[!duplicated(x$id),]; d1$event <- as.integer(d1$to != ""); d1$dur <- d1$stop
for (ct in c("log","log-log","plain")) { f <- survfit(Surv(start,dur,event)~1, data=d1, conf.type=ct); k <- f$n.event>0; add(paste0("clock.low.",ct), js(f$lower[k])); add(paste0("clock.high.",ct), js(f$upper[k])) }
add("clock.times", js(f$time[k])); add("clock.probability", js(f$surv[k])); add("clock.error", js((f$std.err*f$surv)[k]))
d1$len <- d1$stop-d1$start
s <- survdiff(Surv(len,event)~from, data=d1); add("clock.log_rank", num(s$chisq)); add("clock.observed", js(as.vector(s$obs))); add("clock.expected", js(as.vector(s$exp)))
s <- survdiff(Surv(len,event)~cluster, data=d1); add("clock.log_rank8", num(s$chisq))
q <- quantile(survfit(Surv(len,event)~1, data=d1, conf.type="log-log"), c(.25,.5,.75)); add("clock.quantiles", js(rbind(q$quantile,q$lower,q$upper)))
txt <- paste0("{\n", paste(out, collapse=",\n"), "\n}\n"); txt <- gsub("\\bNA\\b|\\bNaN\\b", "null", txt); cat(txt, file="elsewhere.json")
