"""What passes between institutions: referrals, contracts, points, recognised results, joined records."""
